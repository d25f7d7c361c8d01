"""Rate limits that are counted in Redis, together by all processes."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import PASSWORD
from engines import Redis, RedisCluster
from flask.testing import FlaskClient
from guessing import *  # noqa: F403 - a fixture
from guessing import HOME, attempt, neighbour, use_up


@pytest.fixture
def counting_in_redis(redis_server: Redis, make: Callable[..., FlaskClient]) -> Callable[..., FlaskClient]:
    return lambda **config: make(RATELIMIT_STORAGE_URI=redis_server.url, **config)


STRATEGIES = ["fixed-window", "sliding-window-counter"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_applications_that_share_redis_judge_ten_guesses_together(
    counting_in_redis: Callable[..., FlaskClient], strategy: str
) -> None:
    clients = [counting_in_redis(RENEWAL_RATELIMIT_LOGIN="10 per hour", RATELIMIT_STRATEGY=strategy) for _ in range(2)]

    def guess(number: int) -> int:
        client = clients[number % 2].application.test_client(use_cookies=False)
        return attempt(client, address=f"10.0.0.{number}").status_code

    with ThreadPoolExecutor(20) as threads:
        answers = Counter(threads.map(guess, range(40)))
    answers.update(guess(40 + number) for number in range(10))
    assert answers == {401: 10, 429: 40}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_known_address_is_known_to_all_processes(
    counting_in_redis: Callable[..., FlaskClient], strategy: str
) -> None:
    one, other = (counting_in_redis(RATELIMIT_STRATEGY=strategy) for _ in range(2))
    use_up(one)
    assert {attempt(other, password=PASSWORD, address=HOME).status_code for _ in range(15)} == {200}
    assert attempt(other, password=PASSWORD, address="198.51.100.7").status_code == 429


def test_every_key_begins_with_the_prefix_and_ends_some_time(
    counting_in_redis: Callable[..., FlaskClient], redis_server: Redis
) -> None:
    client = counting_in_redis(RENEWAL_STORE_PREFIX="shop")
    for password in (PASSWORD, "wrong"):
        attempt(client, password=password)
    keys = redis_server.cli("keys", "*").splitlines()
    assert len(keys) > 5
    assert all(key.startswith("shop:") and int(redis_server.cli("ttl", key)) > 0 for key in keys)


def test_two_prefixes_count_for_themselves(counting_in_redis: Callable[..., FlaskClient]) -> None:
    shop, till = (
        counting_in_redis(RENEWAL_STORE_PREFIX=prefix, RENEWAL_RATELIMIT_LOGIN="1 per hour")
        for prefix in ("shop", "till")
    )
    use_up(shop)
    assert attempt(till).status_code == 401


def test_names_and_addresses_are_counted_for_themselves(counting_in_redis: Callable[..., FlaskClient]) -> None:
    client = counting_in_redis(RENEWAL_RATELIMIT_LOGIN="1 per hour")
    assert attempt(client, "bob", address="an address").status_code == 401
    assert attempt(client, neighbour("bob"), address=neighbour("an address")).status_code == 401


def test_a_refusal_says_when_to_come_back(counting_in_redis: Callable[..., FlaskClient]) -> None:
    client = counting_in_redis(RENEWAL_RATELIMIT_LOGIN="1 per hour")
    answers = [attempt(client) for _ in range(2)]
    assert 3590 < int(answers[-1].headers["Retry-After"]) <= 3600


def test_while_redis_is_away_everybody_is_let_in(
    make: Callable[..., FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    client = make(RATELIMIT_STORAGE_URI="redis://:a-secret@127.0.0.1:1/0", RENEWAL_RATELIMIT_LOGIN="1 per hour")
    assert [attempt(client, password=PASSWORD).status_code for _ in range(3)] == [200] * 3
    assert [attempt(client).status_code for _ in range(3)] == [401] * 3
    assert caplog.text.count("their storage cannot be reached") == 1
    assert "a-secret" not in caplog.text


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_cluster_counts_too(make: Callable[..., FlaskClient], strategy: str) -> None:
    cluster = RedisCluster()
    try:
        uri = cluster.start().url.replace("redis://", "redis+cluster://").removesuffix("/0")
        client = make(RATELIMIT_STORAGE_URI=uri, RENEWAL_RATELIMIT_LOGIN="3 per hour", RATELIMIT_STRATEGY=strategy)
        use_up(client, "{alice}")
        assert attempt(client, "{alice}", address="198.51.100.7").status_code == 429
        assert attempt(client, password=PASSWORD, address=HOME).status_code == 200
    finally:
        cluster.remove()
