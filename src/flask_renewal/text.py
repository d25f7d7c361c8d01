"""Text from outside: names in one canonical form, labels without what could mislead a reader."""

import unicodedata

from .errors import InvalidRequestError

USERNAME_MAX_CHARACTERS = 150
DEVICE_MAX_CHARACTERS = 100
USER_AGENT_MAX_CHARACTERS = 256

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control and format characters (bidi overrides and zero-width ones among them), surrogates, line separators."""


def username_key(username: str) -> str:
    """Return the form in which user names are compared: NFKC, casefold (Unicode §3.13, D146).

    Raises `InvalidRequestError` for a name that is empty, too long, padded with spaces, or has invisible characters.
    """
    folded = unicodedata.normalize("NFKC", username).casefold()
    key = unicodedata.normalize("NFKC", folded)
    if not key or username != username.strip() or key != key.strip():
        raise InvalidRequestError("username must not be empty, or begin or end with a space.", field="username")
    if max(len(username), len(key)) > USERNAME_MAX_CHARACTERS:
        raise InvalidRequestError(f"username has more than {USERNAME_MAX_CHARACTERS} characters.", field="username")
    if any(unicodedata.category(character) in _INVISIBLE for character in username + key):
        raise InvalidRequestError("username has invisible or control characters.", field="username")
    return key


def label(value: str | None, *, longest: int) -> str | None:
    """Return a label for people, without invisible characters and at most `longest` characters; ``None`` if empty."""
    if value is None:
        return None
    visible = "".join(character for character in value if unicodedata.category(character) not in _INVISIBLE)
    return visible.strip()[:longest].strip() or None
