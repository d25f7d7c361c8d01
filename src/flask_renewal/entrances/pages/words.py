"""The words of the pages: messages in the visitor's language, moments and browsers as people say them.

The pages have a catalogue of their own, so that they speak a host's languages without touching its messages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, request
from flask_babel import Babel, Domain, format_datetime, format_timedelta, get_locale

from .useragents import recognised

LOCALES = {"en": "en", "zh": "zh_Hans"}
"""The languages that we ship, and the locale for each."""

_JUST_NOW = timedelta(minutes=1)
_LONGEST_ACCEPT_LANGUAGE = 1000
"""Characters. Browsers send a hundred; to take 64,000 apart takes half a second."""

_domain = Domain(str(Path(__file__).parent / "translations"), "flask_renewal")


gettext: Callable[..., str] = _domain.gettext
"""Returns a message in the visitor's language."""
ngettext: Callable[..., str] = _domain.ngettext
"""Returns the form of a message for a number, which it may name as ``num``."""

_ = gettext


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A point in time for ``<time>``."""

    iso: str
    words: str
    full: str


def moment(time: datetime, *, now: datetime) -> Moment:
    """Return a past `time` as people say it and in full."""
    past = now - time
    words = _("just now") if past < _JUST_NOW else format_timedelta(-past, add_direction=True)
    return Moment(iso=time.strftime("%Y-%m-%dT%H:%M:%SZ"), words=words, full=format_datetime(time, "long"))


def browser_name(user_agent: str | None) -> str:
    """Return a readable name of a browser, for example “Firefox on Linux”."""
    browser = recognised(user_agent)
    if browser.name and browser.system:
        return _("%(browser)s on %(system)s", browser=browser.name, system=browser.system)
    return browser.name or browser.system or _("Unknown browser")


def language() -> str:
    """Return the language of the page, for the attribute ``lang``."""
    locale = get_locale()
    return str(locale).replace("_", "-") if locale is not None and locale.language in LOCALES else "en"


def install(app: Flask) -> None:
    """Choose the language by ``Accept-Language``, unless the host has a Flask-Babel, which then chooses."""
    if "babel" not in app.extensions:
        Babel(app, locale_selector=_accepted_locale, configure_jinja=False)


def _accepted_locale() -> str | None:
    """Return the first language that the browser asks for and we have; any Chinese before none."""
    if len(request.environ.get("HTTP_ACCEPT_LANGUAGE", "")) > _LONGEST_ACCEPT_LANGUAGE:
        return None
    for tag in request.accept_languages.values():
        locale = LOCALES.get(tag.replace("_", "-").partition("-")[0].lower())
        if locale is not None:
            return locale
    return None
