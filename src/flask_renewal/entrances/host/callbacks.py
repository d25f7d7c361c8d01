"""The decorators by which a host gives its own functions."""

from ...identity.users.host_functions import HostFunctions
from ...identity.users.passwords import VerifyForeign


class Callbacks:
    """Keeps the host's functions, for the applications that are set up with them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._functions = HostFunctions()

    def verify_password(self, verify: VerifyForeign) -> VerifyForeign:
        """Let this function of the host verify the hashes that it made: `verify(stored_hash, password)`.

        It gets every stored hash and the password as it was sent, one at a time in each process, and returns ``None``
        for a hash that is not its own. What it verifies is hashed anew, unless `RENEWAL_REHASH` is false.
        """
        self._functions.verify_password = verify
        return verify
