"""Requests that nearly are what they should be: good ones, each changed in a few places, the same for the same seed."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

NASTY_TEXTS = (
    "", " ", "null", "0", "-1", "1e400", "\0", "\r\nX: y", "\u202e", "é", "\xff\xfe", "%00", "%2e%2e%2f",
    "../../etc/passwd", "' OR 1=1--", "${jndi:x}", "<script>", "a" * 300, "a" * 9000, "=", ";", ",", '"', "\\",
    "\x1b[31m", "\x85", "\xa0",
)  # fmt: skip
NASTY_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**70, 1.5, [], {}, [[]], {"a": {"a": 1}}, "\ud800", "x" * 2000, *NASTY_TEXTS,
)  # fmt: skip
HEADERS = (
    "Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Purpose", "Accept", "Accept-Language",
    "Accept-Encoding", "User-Agent", "X-Device-Id", "X-Refresh-Transport", "X-Forwarded-For", "X-Forwarded-Proto",
    "X-Forwarded-Host", "X-Forwarded-Uri", "X-Forwarded-Method", "X-Original-URI", "X-HTTP-Method-Override",
    "If-None-Match", "Range", "Referer", "Access-Control-Request-Method", "Access-Control-Request-Headers",
    "Access-Control-Request-Private-Network", "HX-Request", "Cookie", "Authorization", "Content-Type", "Expect", "DPoP",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "A", "P OST", "")
PLAIN = ("null", "cross-site", "same-origin", "body", "yes")


@dataclass(frozen=True)
class Request:
    """What is written to a connection; its length is told last, unless a change has done so."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    version: str = "HTTP/1.1"
    framing: tuple[str, ...] | None = field(default=None)

    def written(self, host: str) -> bytes:
        lines = [f"{self.method} {self.target} {self.version}", f"Host: {host}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += [f"Content-Length: {len(self.body)}"] if self.framing is None else self.framing
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "replace") + self.body


class Mutator:
    """Changes good requests, by chance that can be had again."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._changes: tuple[Callable[[Request], Request], ...] = (
            self._another_method,
            *[self._another_target] * 2,
            *[self._another_header] * 3,
            self._a_header_less,
            *[self._another_value] * 2,
            *[self._another_member] * 2,
            self._another_body,
            self._another_framing,
        )

    def changed(self, good: Request) -> Request:
        """Return the request with one to four changes."""
        for _ in range(self.chance.choice((1, 1, 1, 2, 2, 3, 4))):
            good = self.chance.choice(self._changes)(good)
        return good

    def _another_method(self, request: Request) -> Request:
        return replace(request, method=self.chance.choice(METHODS))

    def _another_target(self, request: Request) -> Request:
        target = request.target
        kind = self.chance.randrange(6)
        if kind == 0:
            return replace(request, target=f"{target}?{self._word()}={self._word()}&next={self._word()}")
        if kind == 1:
            return replace(request, target=self._text(target))
        parts = target.split("/")
        parts.insert(self.chance.randrange(len(parts) + 1), self._word())
        return replace(request, target="/".join(parts))

    def _another_header(self, request: Request) -> Request:
        value = (
            self._word() if self.chance.random() < 0.7 else self.chance.choice(("null", "cross-site", "body", "yes"))
        )
        return replace(request, headers=(*request.headers, (self.chance.choice(HEADERS), value)))

    def _a_header_less(self, request: Request) -> Request:
        kept = list(request.headers)
        if kept:
            kept.pop(self.chance.randrange(len(kept)))
        return replace(request, headers=tuple(kept))

    def _another_value(self, request: Request) -> Request:
        """Change a header that there is: mostly a token, or what says where the request comes from."""
        if not request.headers:
            return request
        changed = list(request.headers)
        at = self.chance.randrange(len(changed))
        name, value = changed[at]
        if self.chance.random() < 0.1:
            changed.append((name, value))
        else:
            changed[at] = (name, self._text(value))
        return replace(request, headers=tuple(changed))

    def _another_member(self, request: Request) -> Request:
        try:
            members = json.loads(request.body)
        except (ValueError, RecursionError):
            return replace(request, body=self._text(request.body.decode("latin-1")).encode("latin-1", "replace"))
        if not isinstance(members, dict):
            return request
        name = self.chance.choice([*members, "device", "remember", "refresh_token", "everywhere", self._word()])
        members[name] = self.chance.choice(NASTY_VALUES)
        return replace(request, body=json.dumps(members).encode())

    def _another_body(self, request: Request) -> Request:
        kind = self.chance.randrange(5)
        if kind == 0:
            return replace(request, body=request.body[: self.chance.randrange(len(request.body) + 1)])
        if kind == 1:
            return replace(request, body=b"[" * self.chance.choice((1, 100, 30_000)))
        if kind == 2:
            return replace(request, body=request.body + request.body)
        if kind == 3:
            return replace(request, body=self.chance.randbytes(self.chance.choice((1, 50, 5_000))))
        return replace(
            request, body=b"&".join(b"f%d=x" % number for number in range(self.chance.choice((1, 30, 2_000))))
        )

    def _another_framing(self, request: Request) -> Request:
        body, length = request.body, len(request.body)
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (length, body)
        framing, sent = self.chance.choice((
            (("Transfer-Encoding: chunked",), chunked),
            (("Transfer-Encoding: chunked",), body),
            (("Transfer-Encoding: chunked", f"Content-Length: {length}"), chunked),
            ((f"Content-Length: {length}", f"Content-Length: {length + 1}"), body),
            ((f"Content-Length: {length + 10}",), body),
            (("Content-Length: -1",), body),
            (("Content-Length: x",), body),
            ((), body),
        ))  # fmt: skip
        version = self.chance.choice(("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/9.9", "HTTP"))
        return replace(request, framing=framing, body=sent, version=version)

    def _word(self) -> str:
        return self.chance.choice(NASTY_TEXTS)

    def _text(self, text: str) -> str:
        """Return a text with a place of it changed, doubled or left out."""
        at = self.chance.randrange(len(text) + 1)
        kind = self.chance.randrange(5)
        if kind == 0:
            return text[:at] + self._word() + text[at:]
        if kind == 1:
            return text[:at] + text[at + 1 + self.chance.randrange(3) :]
        if kind == 2:
            return text[:at] + chr(self.chance.randrange(1, 256)) + text[at + 1 :]
        if kind == 3:
            parts = text.split(".")
            self.chance.shuffle(parts)
            return ".".join(parts)
        return self._word()
