"""What a person would call the browser that a User-Agent header names."""

from dataclasses import dataclass
from functools import lru_cache

from ua_parser import parse_os, parse_user_agent

_PLAIN_NAMES = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox iOS": "Firefox",
    "Firefox Mobile": "Firefox",
    "HeadlessChrome": "Chrome",
    "Mac OS X": "macOS",
    "Mobile Safari": "Safari",
}
"""Names of the library that tell apart what nobody but a developer would."""

_IN_A_POCKET = frozenset({"Android", "iOS", "KaiOS", "Windows Phone"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """A browser and the system that it runs on; ``None`` for what the header does not tell."""

    name: str | None
    system: str | None

    @property
    def is_handheld(self) -> bool:
        """Whether the device is one for the pocket."""
        return self.system in _IN_A_POCKET


@lru_cache(maxsize=256)
def recognised(user_agent: str | None) -> Browser:
    """Return the browser that a User-Agent header names."""
    if not user_agent:
        return Browser(name=None, system=None)
    browser, system = parse_user_agent(user_agent), parse_os(user_agent)
    return Browser(name=_plain(browser.family if browser else None), system=_plain(system.family if system else None))


def _plain(family: str | None) -> str | None:
    return _PLAIN_NAMES.get(family, family) if family else None
