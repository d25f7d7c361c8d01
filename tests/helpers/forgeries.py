"""Access tokens that are not ours, each made of a good one: for both guards in one process, and for real servers."""

import json
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from forging import Forger


def in_der(signature: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


FORGERIES: dict[str, Callable[[Forger], str]] = {
    "none": lambda f: f.unsigned("none"),
    "None with the old signature": lambda f: f.unsigned("None", f.token.rpartition(".")[2]),
    "NONE": lambda f: f.unsigned("NONE"),
    "nOnE with a signature of one byte": lambda f: f.unsigned("nOnE", "AA"),
    "an empty signature": lambda f: f.token.rpartition(".")[0] + ".",
    "a cut signature": lambda f: f.token[:-4],
    "a signature of zeros": lambda f: f.resigned(bytes(64)),
    "a signature in DER": lambda f: f.resigned(in_der(f.signature)),
    "a stranger's key": lambda f: f.signed(key=f.stranger),
    "HS256 keyed with the public PEM": lambda f: f.hmac(
        f.key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).replace(b"--", b"")
    ),
    "HS256 keyed with the public JWK": lambda f: f.hmac(json.dumps(f.key.public_jwk).encode()),
    "HS512 keyed with the public JWK": lambda f: f.hmac(json.dumps(f.key.public_jwk).encode() * 2, "HS512"),
    "HS256 keyed with the refresh secret": lambda f: f.hmac(f.key.refresh_secret),
    "a header that brings its own key": lambda f: f.signed(
        header={"jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}, key=f.stranger
    ),
    "a header that points to a key": lambda f: f.signed(header={"jku": "http://127.0.0.1:1/"}, key=f.stranger),
    "a header with a certificate": lambda f: f.signed(header={"x5c": ["AA"]}, key=f.stranger),
    "no kid": lambda f: f.signed(drop="kid"),
    "an empty kid": lambda f: f.signed(header={"kid": ""}),
    "a kid that climbs directories": lambda f: f.signed(header={"kid": "../../dev/null"}),
    "a kid in SQL": lambda f: f.signed(header={"kid": "' UNION SELECT 1 --"}),
    "a kid for a shell": lambda f: f.signed(header={"kid": "a|sleep 10"}),
    "a number as kid": lambda f: f.signed(header={"kid": 1}),
    "a list as kid": lambda f: f.signed(header={"kid": []}),
    "a kid of 10 kB": lambda f: f.signed(header={"kid": "k" * 10_000}),
    "another typ": lambda f: f.signed(header={"typ": "JWT"}),
    "the typ of a proof": lambda f: f.signed(header={"typ": "dpop+jwt"}),
    "no typ": lambda f: f.signed(drop="typ"),
    "an unknown critical extension": lambda f: f.signed(header={"crit": ["foo"], "foo": 1}),
    "an empty critical list": lambda f: f.signed(header={"crit": []}),
    "a payload that is not encoded": lambda f: f.signed(header={"b64": False, "crit": ["b64"]}),
    "the type of a refresh token": lambda f: f.signed({"type": "refresh"}),
    "a list as type": lambda f: f.signed({"type": ["access"]}),
    "an unknown type": lambda f: f.signed({"type": "weird"}),
    "another issuer": lambda f: f.signed({"iss": "https://evil.test"}),
    "another audience": lambda f: f.signed({"aud": "https://evil.test"}),
    "a list of other audiences": lambda f: f.signed({"aud": ["a", "b"]}),
    "a number as sub": lambda f: f.signed({"sub": 1}),
    "a list as sub": lambda f: f.signed({"sub": ["id-of-alice"]}),
    "an empty sub": lambda f: f.signed({"sub": ""}),
    "a number as jti": lambda f: f.signed({"jti": 1}),
    "a number as client_id": lambda f: f.signed({"client_id": 1}),
    "a number as sid": lambda f: f.signed({"sid": 1}),
    "a text as exp": lambda f: f.signed({"exp": "9999999999"}),
    "null as exp": lambda f: f.signed({"exp": None}),
    "true as exp": lambda f: f.signed({"exp": True}),
    "a list as exp": lambda f: f.signed({"exp": [9999999999]}),
    "NaN as exp": lambda f: f.signed({"exp": float("nan")}),
    "infinity as exp": lambda f: f.signed({"exp": float("inf")}),
    "an exp of 400 digits": lambda f: f.signed({"exp": 10**400}),
    "an iat of 400 digits": lambda f: f.signed({"iat": 10**400}),
    "an exp of 1e400": lambda f: f.raw(payload=json.dumps(f.claims).replace('"exp": ', '"exp": 1e400, "x": ').encode()),
    "a key that it is bound to": lambda f: f.signed({"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}),
    "an iat in the future": lambda f: f.signed({"iat": f.claims["iat"] + 120}),
    "an nbf in the future": lambda f: f.signed({"nbf": f.claims["iat"] + 120}),
    "a text as nbf": lambda f: f.signed({"nbf": "0"}),
    "a text as auth_time": lambda f: f.signed({"auth_time": "now"}),
    "a text as renewable_until": lambda f: f.signed({"renewable_until": "later"}),
    "a text as fresh": lambda f: f.signed({"fresh": "yes"}),
    "a time as fresh": lambda f: f.signed({"fresh": 9999999999}),
    **{
        f"no {name}": lambda f, name=name: f.signed(drop=name)
        for name in ("iss", "sub", "aud", "exp", "iat", "jti", "sid", "client_id", "auth_time", "type", "fresh")
    },
    "two subs in the claims": lambda f: f.raw(payload=json.dumps(f.claims)[:-1].encode() + b', "sub": "x"}'),
    "two kids in the header": lambda f: f.raw(json.dumps(f.header)[:-1].encode() + b', "kid": "x"}'),
    "a list as payload": lambda f: f.raw(payload=b"[1]"),
    "a text as payload": lambda f: f.raw(payload=b'"x"'),
    "an empty payload": lambda f: f.raw(payload=b""),
    "a payload in Latin-1": lambda f: f.raw(payload=json.dumps(f.claims).encode()[:-1] + b', "x": "\xe9"}'),
    "a payload that nests deep": lambda f: f.raw(payload=b"[" * 2500 + b"]" * 2500),
    "a list as header": lambda f: f.raw(b"[1]"),
    "a header that nests deep": lambda f: f.raw(b"[" * 2500 + b"]" * 2500),
    "two parts": lambda f: f.token.rpartition(".")[0],
    "five parts": lambda f: f.token + ".AA.AA",
    "the JSON form of a token": lambda f: '{"payload":"AA"}',
    "padding at the end": lambda f: f.token + "=",
    "a character outside ASCII": lambda f: f.token + "é",
    "more than 8 KiB": lambda f: f.signed({"pad": "x" * 8192}),
    "nothing but dots": lambda f: "..",
    "a refresh token": lambda f: f.refresh_token,
    "a word": lambda f: "hunter2",
}
