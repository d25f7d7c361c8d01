"""The rows of the table of settings that say how strict the application is beyond its defaults, or for a while less."""

from datetime import timedelta

from . import values
from .setting import DURATION, Setting

_NOTHING = timedelta(0)

STRICTNESS_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="RENEWAL_HTTPS_ONLY",
        field="https_only",
        default=False,
        expects="True or False",
        meaning="The API answers requests over plain http with 403 `https_required`, and our pages lead to https;"
        " loopback names are let in. Behind a proxy that speaks https set `RENEWAL_TRUSTED_PROXIES` too.",
        read=values.boolean,
    ),
    Setting(
        key="RENEWAL_HSTS",
        field="hsts",
        default=None,
        expects=f"None, or {DURATION}",
        meaning="Every answer over https tells browsers to ask this host by https only, for so long"
        " (`Strict-Transport-Security`, RFC 6797), unless the answer has that header already. `None`:"
        " our pages say so for a year, and nothing else does.",
        read=values.optional(values.duration(_NOTHING)),
    ),
    Setting(
        key="RENEWAL_CONFIRM_AFTER",
        field="confirm_after",
        default=None,
        expects=f"{DURATION}, 0 or more, or None for never",
        meaning="How long after the last proof of who it is the API ends other sessions: later it answers 401"
        " `fresh_token_required` until `POST /auth/confirm`, or the host's `confirm`. `None`: it always does.",
        read=values.optional(values.duration(_NOTHING)),
    ),
    Setting(
        key="RENEWAL_UNTRUSTED_ORIGINS",
        field="untrusted_origins",
        default="refuse",
        expects='"refuse" or "report"',
        meaning="What becomes of requests from untrusted origins that would change state. `report`: they are logged, as"
        " `untrusted-origin`, **and let through**, while it is found out which origins there are.",
        read=values.one_of("refuse", "report"),
    ),
)
