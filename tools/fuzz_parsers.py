"""`python tools/fuzz_parsers.py [-max_total_time=60]`: what reads a client's words, guided by what has been reached.

Needs atheris, which no other part does: `python -m pip install atheris`. The arguments are libFuzzer's. What is found
is printed and written to a file, by which it can be tried again.
"""

import json
import sys
from contextlib import suppress
from functools import cache
from types import SimpleNamespace
from typing import Any

import atheris
import jwt

with atheris.instrument_imports(include=["flask_renewal"]):
    from flask_renewal.ground import proxies, strict_json, text
    from flask_renewal.ground.cookies import CookiePolicy
    from flask_renewal.ground.errors import ConfigurationError, InvalidRequestError, RenewalError
    from flask_renewal.ground.local_paths import is_local_path
    from flask_renewal.ground.origins import Provenance, is_serialized_origin, is_trusted
    from flask_renewal.guard.credentials import Credentials
    from flask_renewal.identity.tokens.compact import segment
    from flask_renewal.identity.tokens.keys.life import Content, algorithm_of, begun
    from flask_renewal.identity.tokens.keys.signing_key import decode, from_jwk
    from flask_renewal.identity.tokens.refresh import RefreshTokens
    from flask_renewal.settings import Settings

_PROXIES = proxies.TrustedProxies(lambda environ, start: [], count=2)
_POLICY = CookiePolicy(secure=None, same_site="Lax", domain=None)
_SECRETS: Any = SimpleNamespace(refresh_secrets={"k": b"a secret that nobody has to guess"})
_TOKENS = RefreshTokens(_SECRETS)
_UNREADABLE = (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError)
"""What whoever reads the key file tells in one sentence, and what no such file can be deep enough for."""


@cache
def _good() -> tuple[str, dict[str, Any]]:
    """Return a good refresh token and the content of a good key file, to be changed."""
    return _TOKENS.issue(session_id="s" * 22, token_id="t" * 22, device=""), begun(now=0).members()


def try_one(data: bytes) -> None:
    """Give some bytes to every parser; whatever is raised that is no refusal is found."""
    words = atheris.FuzzedDataProvider(data)
    said, other = words.ConsumeUnicode(200), words.ConsumeUnicode(200)
    if is_local_path(said) and not said.startswith("/"):
        raise AssertionError(said)
    is_serialized_origin(said)
    is_trusted(Provenance(sec_fetch_site=said or None, origin=other, scheme="https", host=other), {"https://a"})
    _POLICY.spec("refresh_token", scheme="http", host=said)
    text.label(said, longest=100)
    text.shown(said)
    with suppress(InvalidRequestError):
        text.username_key(said)
    with suppress(ValueError):
        strict_json.loads(data)
    with suppress(RenewalError):
        segment(said, 0)
    environ = {"HTTP_AUTHORIZATION": said, "wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1"}
    credentials = Credentials("Authorization", "Bearer")
    credentials.put_right(environ)
    credentials.token(environ)
    names = ("FOR", "PROTO", "HOST", "PORT", "PREFIX")
    list(_PROXIES({**environ, **{f"HTTP_X_FORWARDED_{name}": other for name in names}}, SimpleNamespace()))
    _read_refresh_token(said, words)
    _read_key_file(data, words)
    with suppress(ConfigurationError):
        Settings.from_config({words.PickValueInList(["RENEWAL_QUIET_WINDOW", "RENEWAL_TRUSTED_ORIGINS"]): said})


def _read_refresh_token(said: str, words: Any) -> None:
    good, _ = _good()
    at = words.ConsumeIntInRange(0, len(good))
    changed = good[:at] + said + good[at + words.ConsumeIntInRange(0, 4) :]
    for text_of_it in (said, changed):
        token = _TOKENS.find(text_of_it)
        if token is not None and text_of_it != good:
            raise AssertionError(text_of_it)


def _read_key_file(data: bytes, words: Any) -> None:
    """Read the bytes as a key file, and a good one in which one member is something else."""
    _, good = _good()
    named = words.PickValueInList([*good["keys"][0], "alg", "refresh", "keys"])
    other = words.PickValueInList([None, 7, [], {}, "", words.ConsumeUnicode(40)])
    changed = {**good, "keys": [{**good["keys"][0], named: other}], **({named: other} if named in good else {})}
    for text_of_it in (data, json.dumps(changed)):
        with suppress(*_UNREADABLE):
            content = Content.of(json.loads(text_of_it))
            for jwk in content.keys:
                from_jwk(jwk, algorithm_of(jwk))
            for one in content.refresh:
                decode(one["secret"])


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
