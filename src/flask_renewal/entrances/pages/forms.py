"""Reading a submitted form: few fields, each once."""

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from ...ground.body import read_data
from ...ground.local_paths import is_local_path
from .site import after_sign_in

LONGEST_FORM = 16 * 1024
"""Bytes."""
MOST_FIELDS = 20

_MEDIA_TYPE = "application/x-www-form-urlencoded"


class Form:
    """The fields of a form; an unsubmitted one is empty."""

    def __init__(self, fields: MultiDict[str, str] | None = None) -> None:
        self._fields: MultiDict[str, str] = MultiDict() if fields is None else fields

    @classmethod
    def of(cls, request: Request) -> "Form":
        """Read a request's form.

        Raises Werkzeug's 413 for more than 16 KiB, and its 400 for what none of our forms could have sent: another
        encoding, very many fields.
        """
        request.max_content_length = LONGEST_FORM
        is_form = request.mimetype in ("", _MEDIA_TYPE) and not read_data(request, parse_form_data=True)
        if not is_form:
            raise BadRequest
        if len(list(request.form.items(multi=True))) > MOST_FIELDS:
            raise BadRequest
        return cls(request.form)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    @property
    def is_sent(self) -> bool:
        """Whether somebody has sent it."""
        return bool(self._fields)

    @property
    def is_looked_at(self) -> bool:
        """Whether it was sent only to show a password, or to hide it again; then nothing is to be done."""
        return "show" in self or "hide" in self

    def typed(self, name: str) -> str:
        """Return what was typed into a field, maybe nothing; raises Werkzeug's 400 for a field sent twice or NUL."""
        values = self._fields.getlist(name)
        if len(values) > 1 or any("\0" in value for value in values):
            raise BadRequest
        return values[0] if values else ""

    def others(self, *names: str) -> dict[str, str]:
        """Return what was typed into all fields but these; raises as `typed`."""
        return {name: self.typed(name) for name in self._fields if name not in names}

    def all(self, name: str) -> list[str]:
        """Return what was sent for a field, however often."""
        return self._fields.getlist(name)

    def ticked(self, name: str) -> bool:
        """Say whether a box is ticked."""
        return name in self._fields


def destination(candidates: list[str]) -> str:
    """Return where to go after signing in: the one path of this site that was asked for, else where the site says."""
    if len(candidates) == 1 and is_local_path(candidates[0]):
        return candidates[0]
    return after_sign_in()
