"""Where a sign-in may lead: to a path of this very site, and never elsewhere."""

from urllib.parse import unquote_to_bytes

LONGEST_PATH = 8000
"""Characters; no server has to understand a longer one (RFC 9110 §4.1)."""


def is_local_path(target: str) -> bool:
    """Say whether `target` is a path of the site it is read on, with or without query and fragment.

    Browsers drop tabs and line breaks from addresses, take a backslash for a slash, and read what follows two
    slashes as a host (WHATWG URL §4.4); servers in front of us may decode a path once more. So nothing of that kind is
    let through, neither as written nor after one decoding.
    """
    if len(target) > LONGEST_PATH or not target.startswith("/") or " " in target or not _is_plain(target):
        return False
    decoded = _decoded(target.partition("?")[0].partition("#")[0])
    return decoded is not None and _is_plain(decoded) and _stays_put(decoded)


def _is_plain(text: str) -> bool:
    return text.isprintable() and "\\" not in text


def _decoded(path: str) -> str | None:
    try:
        return unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return None


def _stays_put(path: str) -> bool:
    segments = path.split("/")[1:]
    return "" not in segments[:-1] and not {".", ".."} & set(segments)
