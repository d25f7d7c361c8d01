"""`python tools/fuzz_parsers.py [-max_total_time=60]`: what reads a client's words, guided by what has been reached.

Needs atheris, which no other part does: `python -m pip install atheris`. The arguments are libFuzzer's. What is found
is printed and written to a file, by which it can be tried again.
"""

import sys
from contextlib import suppress
from types import SimpleNamespace

import atheris

with atheris.instrument_imports(include=["flask_renewal"]):
    from flask_renewal.ground import proxies, strict_json, text
    from flask_renewal.ground.cookies import CookiePolicy
    from flask_renewal.ground.errors import ConfigurationError, InvalidRequestError, RenewalError
    from flask_renewal.ground.local_paths import is_local_path
    from flask_renewal.ground.origins import Provenance, is_serialized_origin, is_trusted
    from flask_renewal.guard.credentials import Credentials
    from flask_renewal.identity.tokens.compact import segment
    from flask_renewal.settings import Settings

_PROXIES = proxies.TrustedProxies(lambda environ, start: [], count=2)
_POLICY = CookiePolicy(secure=None, same_site="Lax", domain=None)


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
    with suppress(ConfigurationError):
        Settings.from_config({words.PickValueInList(["RENEWAL_QUIET_WINDOW", "RENEWAL_TRUSTED_ORIGINS"]): said})


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
