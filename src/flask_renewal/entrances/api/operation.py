"""One request that the API knows, as a value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from ...ground.errors import RenewalError
from .schemas import Schema

ANY_METHOD = ("get", "post", "put", "patch", "delete")
Refusals = tuple[type[RenewalError], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One request that the API knows."""

    method: str
    by_any_method: bool = False
    """By those of `ANY_METHOD`, too."""
    path: str
    """Below the API's prefix, or with ``//`` before it from the root."""
    does: str
    answer: Schema | None = None
    """``None``: nothing but a status."""
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the answer, with what they say."""
    also: Mapping[HTTPStatus, str] = field(default_factory=dict)
    """Other answers that refuse nothing, with what they mean."""
    body: Schema | None = None
    refusals: Refusals = ()
    security: tuple[str, ...] = ()
    """Any one of these lets a request in."""
    parameters: tuple[Schema, ...] = ()
    takes_refresh_token: bool = False
    """In the body, where the host lets clients without a cookie jar do so."""
    of_accounts: bool = False
    """Only where the accounts are ours."""
    blueprint: str | None = None
    """Only where the application has this one."""

    @property
    def methods(self) -> tuple[str, ...]:
        """All that it is asked by."""
        return ANY_METHOD if self.by_any_method else (self.method,)

    @property
    def id(self) -> str:
        """Its name for programs."""
        return f"{self.method}_{re.sub('[^a-z]+', '_', self.path.strip('/')).strip('_')}"
