"""A ring follows where its keys come from, and keeps what it knows where that cannot be read."""

import logging
from pathlib import Path

import pytest
from key_rings import P256, P384, pem, ring

from flask_renewal.identity.tokens.keys import ring as rings
from flask_renewal.identity.tokens.keys.key_file import KEY_FILE, KeyFile
from flask_renewal.identity.tokens.keys.ring import KeyRing


def source(keys: KeyRing) -> KeyFile:
    assert isinstance(keys.source, KeyFile)
    return keys.source


def test_a_process_looks_for_other_keys_every_two_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(rings.time, "monotonic", lambda: now)
    keys = ring(tmp_path)
    assert len(keys.by_kid) == 1
    source(ring(tmp_path)).generate("ES256")
    now += 1.9
    assert len(keys.by_kid) == 1
    now += 0.1
    assert len(keys.by_kid) == 2


def test_whoever_reads_refresh_tokens_alone_follows_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(rings.time, "monotonic", lambda: now)
    (tmp_path / "1.pem").write_text(pem(P256))
    keys = ring(tmp_path, RENEWAL_KEY_FOLDER=str(tmp_path))
    assert len(keys.refresh_secrets) == 1
    (tmp_path / "2.pem").write_text(pem(P384))
    now += 2
    assert len(keys.refresh_secrets) == 2


def test_keys_that_have_not_changed_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, read = ring(tmp_path), []
    monkeypatch.setattr(KeyFile, "load", lambda file, load=KeyFile.load: read.append(file) or load(file))
    keys.follow()
    source(ring(tmp_path)).generate("ES256")
    read.clear()
    keys.follow()
    keys.follow()
    assert read == [source(keys)]


def test_a_key_that_was_rotated_elsewhere_signs_here(tmp_path: Path) -> None:
    keys = ring(tmp_path)
    kid = source(ring(tmp_path)).generate("EdDSA").kid
    source(ring(tmp_path)).rotate(at_once=True)
    keys.follow()
    assert keys.signing_key.kid == kid
    assert next(iter(keys)).kid == kid


def test_keys_that_cannot_be_read_anew_stay_in_force_and_it_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = ring(tmp_path)
    kid = keys.signing_key.kid
    content = (tmp_path / KEY_FILE).read_bytes()
    for broken in (b"", b"{}", b""):
        (tmp_path / KEY_FILE).write_bytes(broken)
        keys.follow()
    assert keys.signing_key.kid == kid
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    (tmp_path / KEY_FILE).write_bytes(content)
    keys.follow()
    (tmp_path / KEY_FILE).write_bytes(b"")
    keys.follow()
    assert len(caplog.records) == 2


def test_while_one_request_looks_the_others_go_on(tmp_path: Path) -> None:
    keys = ring(tmp_path)
    source(ring(tmp_path)).generate("ES256")
    with keys._looking():
        keys.follow()
        assert len(keys._by_kid) == 1
    keys.follow()
    assert len(keys.by_kid) == 2


def test_a_file_that_is_gone_for_a_moment_is_not_made_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    keys, file = ring(tmp_path), tmp_path / KEY_FILE
    kid, content = keys.signing_key.kid, file.read_bytes()
    file.unlink()
    keys.follow()
    keys.follow()
    assert (keys.signing_key.kid, file.exists()) == (kid, False)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    file.write_bytes(content)
    source(ring(tmp_path)).generate("ES256")
    keys.follow()
    assert (keys.signing_key.kid, len(list(keys))) == (kid, 2)
