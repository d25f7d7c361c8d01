"""A token that is not ours lets nobody in, by either guard, and is never an internal error."""

import json
import random
from collections.abc import Callable

import pytest
from answers import CHALLENGE, assert_refused
from conftest import bearer
from forgeries import FORGERIES
from forging import Forger
from hosts import guards
from werkzeug.test import TestResponse


@guards
@pytest.mark.parametrize("make", FORGERIES.values(), ids=FORGERIES)
def test_a_token_that_is_not_ours_is_invalid(
    get: Callable[..., TestResponse], forger: Forger, guard: str, make: Callable[[Forger], str]
) -> None:
    response = get(f"/{guard}", headers=bearer(make(forger)))
    assert_refused(response, "token_invalid", CHALLENGE)


@guards
def test_the_forger_can_make_a_good_token(get: Callable[..., TestResponse], forger: Forger, guard: str) -> None:
    assert get(f"/{guard}", headers=bearer(forger.signed({"extra": 1}))).status_code == 200
    assert get(f"/{guard}", headers=bearer(forger.raw())).status_code == 200


@guards
@pytest.mark.parametrize("depth", [900, 940, 960, 970, 980, 990, 1000], ids="a header that nests {} deep".format)
def test_no_depth_of_nesting_is_an_internal_error(
    get: Callable[..., TestResponse], forger: Forger, guard: str, depth: int
) -> None:
    header = json.dumps(forger.header)[:-1].encode() + b', "x": ' + b"[" * depth + b"]" * depth + b"}"
    response = get(f"/{guard}", headers=bearer(forger.raw(header, key=forger.stranger)))
    assert_refused(response, "token_invalid", CHALLENGE)


@guards
def test_no_garbage_is_an_internal_error(get: Callable[..., TestResponse], forger: Forger, guard: str) -> None:
    chance = random.Random(guard)
    alphabet = "abcAZ019-_.=,:;\"' {}[]\t\x00\x7f\xe9\xff"
    for _ in range(300):
        garbage = "".join(chance.choices(alphabet, k=chance.randrange(1, 60)))
        response = get(f"/{guard}", headers=bearer(garbage))
        assert (response.status_code, response.headers["WWW-Authenticate"][:6]) == (401, "Bearer"), repr(garbage)


@guards
def test_no_flipped_bit_gets_in(get: Callable[..., TestResponse], forger: Forger, guard: str) -> None:
    for position in range(0, len(forger.token) - 1, 7):
        letter = "A" if forger.token[position] != "A" else "B"
        forged = forger.token[:position] + letter + forger.token[position + 1 :]
        assert get(f"/{guard}", headers=bearer(forged)).status_code == 401, position
