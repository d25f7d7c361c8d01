"""Reading a JSON body: one object, typed fields, every refusal with the field's name."""

import re
from typing import Any

from flask import Request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from . import strict_json
from .context import this_request
from .errors import InvalidRequestError, UnsupportedMediaTypeError

LONGEST_BODY = 64 * 1024
"""Bytes."""

_FIELD = re.compile(r"[a-z_]{1,32}")


def read_data(request: Request, *, parse_form_data: bool = False) -> bytes:
    """Return the body of a request; as Werkzeug's `get_data`.

    Raises Werkzeug's 400 where the server cannot read it, as one whose chunks are broken (RFC 9112 §7.1): the servers'
    own errors for that have no class in common.
    """
    try:
        return request.get_data(parse_form_data=parse_form_data)
    except HTTPException:
        raise
    except Exception as error:
        raise BadRequest("The body cannot be read.") from error


class Body:
    """The members of a JSON object; members that nobody asks for are ignored."""

    def __init__(self, members: dict[str, Any]) -> None:
        self._members = members

    @classmethod
    def sent(cls) -> "Body":
        """Read the body of this request; none at all counts as an empty object.

        Raises `UnsupportedMediaTypeError`, `InvalidRequestError`, and Werkzeug's 413 for more than 64 KiB. What is sent
        in chunks has no length to go by, and Werkzeug cuts it off at the limit without a word; so that is one more.
        """
        request = this_request()
        request.max_content_length = LONGEST_BODY + 1
        data = read_data(request)
        if len(data) > LONGEST_BODY:
            raise RequestEntityTooLarge
        if not data:
            return cls({})
        if request.mimetype != "application/json":
            raise UnsupportedMediaTypeError
        try:
            members = strict_json.loads(data)
        except strict_json.MemberError as error:
            field = error.member if _FIELD.fullmatch(error.member) else None
            raise InvalidRequestError(f"{field or 'A member'} {error}.", field=field) from error
        except ValueError as error:
            raise InvalidRequestError("The body is not valid JSON.") from error
        if not isinstance(members, dict):
            raise InvalidRequestError("The body must be a JSON object.")
        return cls(members)

    def others(self, *names: str) -> dict[str, Any]:
        """Return all members but these."""
        return {name: value for name, value in self._members.items() if name not in names}

    def text(self, name: str) -> str:
        """Return a field that must be there, without NUL; raises `InvalidRequestError`."""
        value = self.optional_text(name)
        if value is None:
            raise InvalidRequestError(f"{name} is missing.", field=name)
        if "\0" in value:
            raise InvalidRequestError(f"{name} must not contain NUL.", field=name)
        return value

    def optional_text(self, name: str, *, longest: int | None = None) -> str | None:
        """Return a field that may be missing or null; raises `InvalidRequestError` for anything but sound text."""
        value = self._members.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise InvalidRequestError(f"{name} must be a string.", field=name)
        if longest is not None and len(value) > longest:
            raise InvalidRequestError(f"{name} has more than {longest} characters.", field=name)
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise InvalidRequestError(f"{name} has half a character in it (a lone surrogate).", field=name) from error
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a boolean field that may be missing; raises `InvalidRequestError` for anything else."""
        value = self._members.get(name, default)
        if not isinstance(value, bool):
            raise InvalidRequestError(f"{name} must be true or false.", field=name)
        return value
