"""Text from outside: names in one canonical form, labels without what could mislead a reader.

Whatever is looked at character by character is measured first: to normalise is quadratic in the length of a run of
combining marks, and holds the interpreter meanwhile.
"""

import re
import unicodedata

from .errors import InvalidRequestError

USERNAME_MAX_CHARACTERS = 150
DEVICE_MAX_CHARACTERS = 100
DEVICE_ID_MAX_CHARACTERS = 256
USER_AGENT_MAX_CHARACTERS = 256

LONGEST_SHOWN = 200
"""Characters, of a value in a log line."""

_LONGEST_LOOKED_AT = 1024
"""Characters, of what is to become a label."""
INVISIBLE = (
    "\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What is displayed as nothing, for a class of a regular expression: controls, formats (bidi overrides and zero-width
ones among them), line separators, and whatever else is ignorable (Default_Ignorable_Code_Point, Unicode §5.21)."""
_UNSEEN = re.compile(f"[{INVISIBLE}\ud800-\udfff]")
USERNAME_PATTERN = f"^[^{INVISIBLE}\\s]([^{INVISIBLE}]*[^{INVISIBLE}\\s])?$"
"""What a user name looks like as it is typed; whether it is one, `username_key` says."""


def username_key(username: str) -> str:
    """Return the form in which user names are compared: NFKC, casefold (Unicode §3.13, D146).

    Raises `InvalidRequestError` for a name that is empty, too long, padded with spaces, or has invisible characters.
    """
    if len(username) > USERNAME_MAX_CHARACTERS:
        raise _too_long()
    folded = unicodedata.normalize("NFKC", username).casefold()
    key = unicodedata.normalize("NFKC", folded)
    if not key or key != key.strip():
        raise InvalidRequestError("username must not be empty, or begin or end with a space.", field="username")
    if len(key) > USERNAME_MAX_CHARACTERS:
        raise _too_long()
    if _UNSEEN.search(username + key):
        raise InvalidRequestError("username has invisible or control characters.", field="username")
    return key


def _too_long() -> InvalidRequestError:
    return InvalidRequestError(f"username has more than {USERNAME_MAX_CHARACTERS} characters.", field="username")


def label(value: str | None, *, longest: int) -> str | None:
    """Return a label for people, without invisible characters and at most `longest` characters; ``None`` if empty."""
    if value is None:
        return None
    return _UNSEEN.sub("", value[:_LONGEST_LOOKED_AT]).strip()[:longest].strip() or None


_PASSWORD_OF_QUERY = re.compile(r"([?&;\s](?:pass|passwd|password|pwd|secret|token|\w*key)=)[^&;\s]+", re.IGNORECASE)


def shown(value: object, *, longest: int = LONGEST_SHOWN) -> str:
    """Return a value as a log line or an error tells it: one line of `longest` characters at most, no URL's password.

    Where the password ends at an ``@`` is for the URL's reader to say, so all up to the last one is left out.
    """
    text = _without_password(value if isinstance(value, str) else repr(value))
    told = repr(text[: 2 * longest]) if isinstance(value, str) else text
    return _cut(_PASSWORD_OF_QUERY.sub(r"\1…", told), longest)


def bounded(value: object, *, longest: int = LONGEST_SHOWN) -> object:
    """Return a value for a line that is written as JSON, which has quotes of its own; else as `shown`."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = _without_password(value if isinstance(value, str) else repr(value))
    return _cut(_PASSWORD_OF_QUERY.sub(r"\1…", text[: 2 * longest]), longest)


def _without_password(text: str) -> str:
    before, _, after = text.rpartition("@")
    scheme, slashes, _ = before.partition("//")
    return f"{scheme}//…@{after}" if slashes else text


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
