"""Making tokens by hand, with the application's real key where a forger could not."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import jwt

from flask_renewal.identity.tokens.keys.signing_key import SigningKey


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header_of(token: str) -> dict[str, Any]:
    return json.loads(decode(token.partition(".")[0]))


def claims_of(token: str) -> dict[str, Any]:
    return json.loads(decode(token.split(".")[1]))


def sign(header: bytes, payload: bytes, key: Any, algorithm: str = "ES256") -> str:
    content = f"{encode(header)}.{encode(payload)}"
    signature = jwt.get_algorithm_by_name(algorithm).sign(content.encode(), key)
    return f"{content}.{encode(signature)}"


class Forger:
    """Varies one good token."""

    def __init__(self, token: str, key: SigningKey, refresh_token: str, stranger: Any) -> None:
        self.token = token
        self.key = key
        self.refresh_token = refresh_token
        self.stranger = stranger
        """A private key that is not ours."""
        self.header = header_of(token)
        self.claims = claims_of(token)

    def signed(
        self,
        claims: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
        *,
        drop: str = "",
        key: Any = None,
    ) -> str:
        """Return the token with other claims, other header members or without one, signed by our key or `key`."""
        new_header = {name: value for name, value in {**self.header, **(header or {})}.items() if name != drop}
        new_claims = {name: value for name, value in {**self.claims, **(claims or {})}.items() if name != drop}
        return self.raw(json.dumps(new_header).encode(), json.dumps(new_claims).encode(), key=key)

    def raw(self, header: bytes | None = None, payload: bytes | None = None, *, key: Any = None) -> str:
        """Return a token of exactly these bytes."""
        header = json.dumps(self.header).encode() if header is None else header
        payload = json.dumps(self.claims).encode() if payload is None else payload
        return sign(header, payload, key or self.key.private_key)

    def hmac(self, secret: bytes, algorithm: str = "HS256") -> str:
        header = json.dumps({**self.header, "alg": algorithm}).encode()
        return sign(header, json.dumps(self.claims).encode(), secret, algorithm)

    def unsigned(self, algorithm: str, signature: str = "") -> str:
        header = encode(json.dumps({**self.header, "alg": algorithm}).encode())
        return f"{header}.{self.token.split('.')[1]}.{signature}"

    def resigned(self, signature: bytes) -> str:
        return f"{self.token.rpartition('.')[0]}.{encode(signature)}"

    @property
    def signature(self) -> bytes:
        return decode(self.token.rpartition(".")[2])
