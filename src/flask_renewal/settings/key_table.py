"""The rows on keys and secrets that are not Flask-JWT-Extended's."""

from datetime import timedelta

from . import values
from .setting import DURATION, Setting

KEY_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="RENEWAL_REFRESH_SECRET",
        field="refresh_secrets",
        default=None,
        expects="at least 32 random bytes that nobody else uses, or None",
        meaning="Signs refresh tokens, so that they outlive signing keys. `None`: a secret in the key file, or, where"
        " keys come from elsewhere, one derived from each of them. Of a list the first signs, all verify.",
        read=values.one_or_several(values.secret_key),
        secret=True,
    ),
    Setting(
        key="RENEWAL_SERVICE_KEYS",
        field="service_keys",
        default=[],
        expects="a list of secrets of at least 32 random bytes each",
        meaning="By these other services that verify our access tokens may read the ended sessions.",
        read=values.secret_keys,
        secret=True,
    ),
    Setting(
        key="RENEWAL_ISSUER_URL",
        field="issuer_url",
        default=None,
        expects='None, or the http(s) URL of the application that signs people in, such as "https://id.example.com"',
        meaning="This application only verifies access tokens, of the application there: it has no sessions, tables or"
        " pages of its own. The first of `RENEWAL_SERVICE_KEYS` is the key to ask for ended sessions by.",
        read=values.optional(values.text(r"https?://[^\s/?#@]+(/[^\s?#]*)?")),
    ),
    Setting(
        key="RENEWAL_KEY_FOLDER",
        field="key_folder",
        default=None,
        expects="the path of a folder that holds private keys in PEM, or None",
        meaning="Sign access tokens with the keys in the files `*.pem` of this folder instead of the key file. The last"
        " by name signs, all verify; changes are followed.",
        read=values.optional(values.text(r".+")),
    ),
    Setting(
        key="RENEWAL_KEY_ROTATION",
        field="key_rotation",
        default=None,
        expects=f"{DURATION}, 1 hour or more, or None",
        meaning="How long a key of the key file signs: then the next one does, which was published before, and the old"
        " one goes when its tokens are over. `None`: until `flask keys rotate`.",
        read=values.optional(values.duration(timedelta(hours=1))),
    ),
)
