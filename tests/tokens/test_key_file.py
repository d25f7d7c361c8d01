"""The key file: made at the first start, found at the next one, refused where it is not what it should be."""

import json
import logging
import multiprocessing
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask import Flask
from key_rings import P256, P384, RSA, ring
from patience import PATIENCE

from flask_renewal import ConfigurationError
from flask_renewal.ground.errors import SigningKeyError
from flask_renewal.identity.tokens.keys.key_file import KEY_FILE, KeyFile
from flask_renewal.identity.tokens.keys.ring import KeyRing
from flask_renewal.identity.tokens.keys.signing_key import new_jwk
from flask_renewal.identity.tokens.refresh import RefreshTokens


@pytest.mark.parametrize("told", [{}, {"JWT_ALGORITHM": "ES256"}], ids=["untold", "told its algorithm"])
def test_the_first_start_makes_one_key_that_only_the_owner_reads(tmp_path: Path, told: dict[str, str]) -> None:
    keys = list(ring(tmp_path / "new", **told))
    path = tmp_path / "new" / KEY_FILE
    assert [key.algorithm for key in keys] == ["ES256"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == [KEY_FILE]


def test_the_application_makes_its_folder_for_the_owner_alone(tmp_path: Path, app: Flask) -> None:
    assert stat.S_IMODE(Path(app.instance_path).stat().st_mode) == 0o700
    assert stat.S_IMODE((Path(app.instance_path) / KEY_FILE).stat().st_mode) == 0o600


def test_the_next_start_finds_the_same_key(tmp_path: Path) -> None:
    assert ring(tmp_path).signing_key.kid == ring(tmp_path).signing_key.kid
    assert ring(tmp_path).signing_key.refresh_secret == ring(tmp_path).signing_key.refresh_secret


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert ring(tmp_path / "a").signing_key.kid != ring(tmp_path / "b").signing_key.kid


def start(folder: Path, ready: Any, kids: Any) -> None:
    ready.wait()
    kids.put(ring(folder).signing_key.kid)


def test_many_processes_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for attempt in range(3):
        ready, kids = context.Barrier(8), context.Queue()
        folder = tmp_path / str(attempt)
        processes = [context.Process(target=start, args=(folder, ready, kids)) for _ in range(8)]
        for process in processes:
            process.start()
        assert len({kids.get(timeout=PATIENCE) for _ in processes}) == 1
        for process in processes:
            process.join(PATIENCE)
        assert os.listdir(folder) == [KEY_FILE]


CORRUPT = {
    "empty": b"",
    "half a file": b'{"keys": [{"kty": "EC", "crv": "P-2',
    "not UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "no keys": b'{"keys": []}',
    "keys that are no list": b'{"keys": 5}',
    "a key that is no object": b'{"keys": ["x"]}',
    "an empty key": b'{"keys": [{}]}',
    "a shared secret": b'{"keys": [{"kty": "oct", "k": "AAAA"}]}',
    "a key without its numbers": b'{"keys": [{"kty": "EC", "crv": "P-256"}]}',
    "a public key": json.dumps(
        {"keys": [jwt.get_algorithm_by_name("ES256").to_jwk(P256.public_key(), as_dict=True)]}
    ).encode(),
    "a key of another curve": json.dumps(
        {"keys": [jwt.get_algorithm_by_name("ES384").to_jwk(P384, as_dict=True)]}
    ).encode(),
    "an RSA key": json.dumps({"keys": [jwt.get_algorithm_by_name("RS256").to_jwk(RSA, as_dict=True)]}).encode(),
    **{
        f"the algorithm {name}": json.dumps({"keys": [new_jwk("ES256", now=0) | {"alg": name}]}).encode()
        for name in ("ES1", "none", "HS256")
    },
    "a number that is no text": b'{"keys": [{"kty": "EC", "crv": "P-256", "x": 1, "y": 2, "d": 3}]}',
}


@pytest.mark.parametrize("content", CORRUPT.values(), ids=CORRUPT)
def test_a_key_file_that_cannot_be_read_stops_the_start_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / KEY_FILE
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match=r"key file signing_keys\.json in the instance folder cannot be read"):
        ring(tmp_path)
    assert path.read_bytes() == content


def test_the_refusal_of_a_key_file_shows_nothing_of_it(tmp_path: Path) -> None:
    ring(tmp_path)
    path = tmp_path / KEY_FILE
    secret = json.loads(path.read_text())["keys"][0]["d"]
    path.write_text(path.read_text().replace('"y"', '"z"'))
    with pytest.raises(ConfigurationError) as refusal:
        ring(tmp_path)
    assert secret not in str(refusal.value)


def test_a_key_file_that_others_can_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ring(tmp_path)
    assert not caplog.records
    (tmp_path / KEY_FILE).chmod(0o640)
    ring(tmp_path)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_change_leaves_the_file_to_its_owner_alone(tmp_path: Path) -> None:
    source = key_file(ring(tmp_path))
    kid = source.generate("EdDSA").kid
    assert stat.S_IMODE(source.path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [KEY_FILE]
    assert [key.kid for key in ring(tmp_path)][1] == kid


def test_a_step_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    source = key_file(ring(tmp_path))
    source.generate("ES256")
    before = source.path.read_bytes()
    with pytest.raises(SigningKeyError):
        source.rotate(at_once=False)
    assert source.path.read_bytes() == before


def generate(folder: Path) -> None:
    key_file(ring(folder)).generate("ES256")


def test_keys_that_several_processes_generate_at_once_are_all_published(tmp_path: Path) -> None:
    ring(tmp_path)
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=generate, args=(tmp_path,)) for _ in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert len(list(ring(tmp_path))) == 9


def test_of_processes_that_notice_at_once_that_a_key_is_old_one_makes_the_next(tmp_path: Path) -> None:
    times = Times()
    rings = [ring(tmp_path, now=times, RENEWAL_KEY_ROTATION=86_400) for _ in range(3)]
    times.hours = 24
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(KeyRing.follow, rings))
    assert {len(list(keys)) for keys in rings} == {2}


def test_a_file_to_which_nothing_is_due_is_not_written_again(tmp_path: Path) -> None:
    keys = ring(tmp_path, RENEWAL_KEY_ROTATION=86_400)
    before = key_file(keys).version()
    keys.follow()
    assert key_file(keys).version() == before


def test_a_key_stays_as_long_as_the_guard_lets_in_what_it_has_signed(tmp_path: Path) -> None:
    source = key_file(ring(tmp_path, now=Times(), JWT_ACCESS_TOKEN_EXPIRES=600, JWT_DECODE_LEEWAY=60))
    first = source.load().signing[0].kid
    source.generate("ES256")
    source.rotate(at_once=True)
    with pytest.raises(SigningKeyError, match="may live 660 seconds more"):
        source.retire(first, at_once=False)


def test_a_key_that_is_old_leaves_and_its_refresh_tokens_stay(tmp_path: Path) -> None:
    times = Times()
    keys = ring(tmp_path, now=times, RENEWAL_KEY_ROTATION=86_400)
    token, first = RefreshTokens(keys).issue(session_id="sid", token_id="tid", device=""), keys.signing_key.kid
    for times.hours in (24, 24.1, 25):
        keys.follow()
    assert first not in keys.by_kid
    assert RefreshTokens(ring(tmp_path)).read(token).id == "tid"


class Times:
    """A time that moves when it is told to."""

    def __init__(self) -> None:
        self.hours = 0.0

    def __call__(self) -> float:
        return 1_800_000_000 + 3600 * self.hours


def key_file(keys: KeyRing) -> KeyFile:
    assert isinstance(keys.source, KeyFile)
    return keys.source
