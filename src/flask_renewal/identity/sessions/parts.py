"""What the use cases of sessions lean on."""

from dataclasses import dataclass

from ...ground.ambient import Ambient
from ...ground.events import Events
from ...settings import Settings
from ...stores.base import Store, Use
from ..tokens.access import AccessTokens
from ..tokens.refresh import RefreshTokens
from ..users.host_functions import HostFunctions
from ..users.people import People
from ..users.throttle import Throttle
from .revocations import Revocations


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What is below the use cases, in one application."""

    settings: Settings
    store: Store
    people: People
    functions: HostFunctions
    access_tokens: AccessTokens
    refresh_tokens: RefreshTokens
    revocations: Revocations
    throttle: Throttle
    ambient: Ambient
    notices: Events

    def use(self) -> Use:
        """Return a use of a session now."""
        settings = self.settings
        return Use.at(self.ambient.now(), idle=settings.idle_timeout, short_idle=settings.short_idle_timeout)
