"""The host's functions are looked up when they are asked."""

from flask_renewal.identity.users.host_functions import HostFunctions


def test_a_function_that_is_given_later_is_the_one_that_is_asked() -> None:
    functions = HostFunctions()
    verifies = functions.verifies
    assert verifies("hash", "password") is None
    functions.verify_password = lambda password_hash, password: password_hash == password
    assert verifies("same", "same") is True
