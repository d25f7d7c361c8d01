"""The words of the pages: messages in the visitor's language, moments and browsers as people say them.

The pages have catalogues of their own, so that they speak a host's languages without touching its messages.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import Flask, current_app, request
from flask_babel import Babel, get_locale, get_timezone

from ...settings import Settings
from .catalogues import Catalogues, Language
from .useragents import recognised

_JUST_NOW = timedelta(minutes=1)
_LONGEST_ACCEPT_LANGUAGE = 1000
"""Characters. Browsers send a hundred; to take 64,000 apart takes half a second."""
_EXTENSION = "flask-renewal-words"


def install(app: Flask, settings: Settings) -> None:
    """Choose the language by ``Accept-Language``, unless the host has a Flask-Babel, which then chooses.

    Raises `ConfigurationError` for a language that there is not.
    """
    folder = Path(app.root_path, settings.translations) if settings.translations is not None else None
    app.extensions[_EXTENSION] = Catalogues(settings.languages, folder)
    if "babel" not in app.extensions:
        Babel(app, locale_selector=_accepted, configure_jinja=False)


def gettext(message: str, **values: object) -> str:
    """Return a message in the visitor's language."""
    return spoken().gettext(message, **values)


def ngettext(singular: str, plural: str, num: int) -> str:
    """Return the form of a message for a number, which it may name as ``num``."""
    return spoken().ngettext(singular, plural, num)


_ = gettext


def spoken() -> Language:
    """Return the visitor's language."""
    catalogues, locale = _catalogues(), get_locale()
    return (locale is not None and catalogues.find(str(locale))) or catalogues.first


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A point in time for ``<time>``."""

    iso: str
    words: str
    full: str


def moment(time: datetime, *, now: datetime) -> Moment:
    """Return a `time` as people say it, if it is past, and in full."""
    past, language = now - time, spoken()
    if past < _JUST_NOW:
        words = language.gettext("just now")
    else:
        words = format_timedelta(-past, add_direction=True, locale=language.locale)
    full = format_datetime(time, "long", tzinfo=get_timezone(), locale=language.locale)
    return Moment(iso=time.strftime("%Y-%m-%dT%H:%M:%SZ"), words=words, full=full)


def number(value: int) -> str:
    """Return a number as it is written in the visitor's language."""
    return format_decimal(value, locale=spoken().locale)


def browser_name(user_agent: str | None) -> str:
    """Return a readable name of a browser, for example “Firefox on Linux”."""
    browser = recognised(user_agent)
    if browser.name and browser.system:
        return _("%(browser)s on %(system)s", browser=browser.name, system=browser.system)
    return browser.name or browser.system or _("Unknown browser")


def _catalogues() -> Catalogues:
    return cast(Catalogues, current_app.extensions[_EXTENSION])


def _accepted() -> str:
    """Return the first language that the browser asks for and we have."""
    catalogues = _catalogues()
    if len(request.environ.get("HTTP_ACCEPT_LANGUAGE", "")) <= _LONGEST_ACCEPT_LANGUAGE:
        for tag in request.accept_languages.values():
            language = catalogues.find(tag)
            if language is not None:
                return language.name
    return catalogues.first.name
