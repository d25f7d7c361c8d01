"""The decorators by which a host gives its own functions."""

import pytest

from flask_renewal import Renewal


@pytest.mark.parametrize("name", ["verify_password"])
def test_a_decorator_leaves_the_function_to_the_host(name: str) -> None:
    def function() -> None: ...

    assert getattr(Renewal(), name)(function) is function
