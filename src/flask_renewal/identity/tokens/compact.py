"""JSON Web Tokens in their compact form, in which they travel (RFC 7515 §3.1)."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jwt
from jwt.utils import base64url_encode

from ...ground import strict_json
from ...ground.errors import TokenInvalidError
from .keys.signing_key import SigningKey

LATEST = 2**53
"""Seconds; what a double holds exactly. Not-a-number and infinity are beyond it too."""

COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)


@lru_cache
def header_of(algorithm: str, kid: str) -> str:
    """Return the header of a token to which the host adds nothing, written out."""
    return json.dumps({"typ": "at+jwt", "alg": algorithm, "kid": kid}, separators=(",", ":"))


def signed(header: str, claims: str, key: SigningKey) -> str:
    """Sign what is written out (RFC 7515 §5.1): `jwt.encode` would check what is known here, and take twice as long."""
    content = b"%b.%b" % (base64url_encode(header.encode()), base64url_encode(claims.encode()))
    signature = jwt.get_algorithm_by_name(key.algorithm).sign(content, key.private_key)
    return (b"%b.%b" % (content, base64url_encode(signature))).decode()


def segment(token: str, index: int) -> Mapping[str, Any]:
    """Return what the header (0) or the claims (1) of a token say; raises `TokenInvalidError` for what is no object."""
    text = token.split(".")[index]
    try:
        members = strict_json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise TokenInvalidError from error
    if not isinstance(members, dict):
        raise TokenInvalidError
    return members


def is_time(value: object) -> bool:
    """Say whether a claim is a time, in Unix seconds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LATEST
