"""What an application brings along that keeps its users signed in by us."""

from dataclasses import dataclass

from .tokens.access import Additions
from .users.base import Users
from .users.host_functions import HostFunctions
from .users.people import People


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """The host's side of the extension in one application."""

    users: Users | None
    """The accounts, where they are ours to keep."""
    people: People
    functions: HostFunctions
    additions: Additions
