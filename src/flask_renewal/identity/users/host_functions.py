"""The host's own functions, which are asked what only it knows."""

from dataclasses import dataclass

from .passwords import VerifyForeign, all_are_ours


@dataclass(kw_only=True, slots=True)
class HostFunctions:
    """What the host has given: looked up at each call, for it may be given after the application was set up."""

    verify_password: VerifyForeign = all_are_ours

    def verifies(self, password_hash: str, password: str) -> bool | None:
        """Ask whether a stored hash is that of a password; ``None``: it is none of the host's."""
        return self.verify_password(password_hash, password)
