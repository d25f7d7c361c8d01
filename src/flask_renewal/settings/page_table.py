"""The rows of the table of settings that are about pages: the site's name, its addresses, its languages."""

from . import values
from .setting import Setting

_WHERE = 'an endpoint such as "front", a path such as "/", or an http(s) URL'

PAGE_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="RENEWAL_LOGIN_URL",
        field="login_url",
        default=None,
        expects='None, or an endpoint such as "login", a path such as "/login", or an http(s) URL',
        meaning="Your own sign-in page, to which `page_required` leads whoever is signed out: an endpoint, a path or a"
        " URL. It gets `?next=`, where to go on, and where a session is over before its time or has run out"
        " `reason=`, why. `None`: ours, where the accounts are.",
        read=values.optional(values.page),
    ),
    Setting(
        key="RENEWAL_LOGIN_REDIRECT_URL",
        field="login_redirect_url",
        default=None,
        expects=f"None, or {_WHERE}",
        meaning="Where our forms lead after signing in or registering, where no page was asked for: an endpoint, a path"
        " or a URL. `None`: the account page.",
        read=values.optional(values.page),
    ),
    Setting(
        key="RENEWAL_LOGOUT_REDIRECT_URL",
        field="logout_redirect_url",
        default=None,
        expects=f"None, or {_WHERE}",
        meaning="Where signing out leads: an endpoint, a path or a URL. `None`: the sign-in page, which says so.",
        read=values.optional(values.page),
    ),
    Setting(
        key="RENEWAL_HOME_URL",
        field="home_url",
        default=None,
        expects=f"None, or {_WHERE}",
        meaning="Where name and logo on the pages lead: an endpoint, a path or a URL. `None`: the account page.",
        read=values.optional(values.page),
    ),
    Setting(
        key="RENEWAL_SITE_NAME",
        field="site_name",
        default="Flask-Renewal",
        expects="the name of the site, 1 to 100 characters",
        meaning="The name of the site, on every page and in its title.",
        read=values.text(r"(?!\s)[^\x00-\x1f\x7f]{1,100}(?<!\s)"),
    ),
    Setting(
        key="RENEWAL_SITE_LOGO",
        field="site_logo",
        default=None,
        expects='None, or a path such as "/static/logo.svg", or an http(s) URL',
        meaning="The site's logo, a square picture: a path or a URL. `None`: ours.",
        read=values.optional(values.text(r"(https?:/)?/[!-.0-\[\]-~][!-\[\]-~]*")),
    ),
    Setting(
        key="RENEWAL_LANGUAGES",
        field="languages",
        default=[],
        expects='a list of languages such as ["de", "en"]; we ship de, en, es, fr, ja and zh',
        meaning="The languages that the pages speak; the first is for whoever reads none of them. Empty: every one that"
        " there is, English first. Where you have a Flask-Babel, it chooses.",
        read=values.languages,
    ),
    Setting(
        key="RENEWAL_TRANSLATIONS",
        field="translations",
        default=None,
        expects="None, or the path of a folder of catalogues, such as translations/it.po",
        meaning="A folder with catalogues of your own, `it.po` for Italian: one more language, or other words in one of"
        " ours. A path that is not absolute begins at the application's folder.",
        read=values.optional(values.text(r"[^\x00]+")),
    ),
)
