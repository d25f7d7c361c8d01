"""What the pages show of the site that they belong to: its name, its logo, where they lead."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for

from ...guard.sign_in_page import address_of
from ...identity.services import current
from .assets import asset_url

ACCOUNT = "flask_renewal_pages.account"


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The site as templates see it."""

    name: str
    logo: str
    home: str


def site() -> Site:
    """Return the site of this application."""
    settings = current().settings
    home = settings.home_url
    return Site(
        name=settings.site_name,
        logo=settings.site_logo or asset_url("icon.svg"),
        home=url_for(ACCOUNT) if home is None else address_of(home),
    )


def after_sign_in() -> str:
    """Return where to go after signing in, where no page was asked for."""
    chosen = current().settings.login_redirect_url
    return url_for(ACCOUNT) if chosen is None else address_of(chosen)


def policy(nonce: str) -> str:
    """Return the Content-Security-Policy of a page: our files, the site's logo, and the one script with the nonce."""
    logo = urlsplit(current().settings.site_logo or "")
    pictures = f"'self' {logo.scheme}://{logo.netloc}" if logo.netloc else "'self'"
    return (
        f"default-src 'none'; connect-src 'self'; script-src 'nonce-{nonce}'; style-src 'self'; img-src {pictures};"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
