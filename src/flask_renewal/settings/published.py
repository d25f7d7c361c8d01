"""Secrets and keys that are none: printed in standards, documentation and tutorials, or typed by a person."""

import re
from base64 import urlsafe_b64encode
from itertools import pairwise

_FEWEST_DIFFERENT_BYTES = 8
"""32 hexadecimal digits drawn at random have fewer different ones once in thirty million times."""

_PLACEHOLDERS = (
    "changeme",
    "changethis",
    "changeinproduction",
    "replaceme",
    "replacethis",
    "placeholder",
    "insecure",
    "donotuse",
    "notsecret",
    "notasecret",
    "yoursecret",
    "yourjwtsecret",
    "your256bitsecret",
    "your512bitsecret",
    "mysecretkey",
    "myjwtsecret",
    "secretkeyhere",
    "supersecret",
    "topsecret",
    "verysecret",
    "stringsecret",
    "thisisasecret",
    "thisisthesecret",
    "keepitsecret",
    "keepthissecret",
    "hardtoguess",
    "youwillneverguess",
)
_EXAMPLES = (
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",  # Flask's documentation
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",  # FastAPI's documentation
    "404e635266556a586e3272357538782f413f4428472b4b6250645367566b5970",  # tutorials of Spring
    "aym1sysppbydfgzld3umj1qzkobwvmkoqqestjqlrt1qs0gzh75aktmn3yj0ips4hcguutwjazzr1z9caow",  # RFC 7515, appendix A.1
    "hjtxiz2usn5kbqfbttnwbpdmhkv8fjgonbc6mxccyg",  # RFC 7520 §3.5
)

PUBLISHED_KEYS = frozenset(
    {
        "oGDmHqCJ7yzMkWEkrlZVHkvrHIyQwtlDmeq5ForUHeY",  # jwt.io, RS256
        "19J8y7Zprt2-QKLjF2I5pVk0OELX6cY2AfaAv1LC_w8",  # jwt.io, ES256
        "iTqXXI0zbAnJCKDaobfhkM1f-6rMSpTfyZMRp_2tKI8",  # jwt.io, ES384
        "xZDfZpry4P9vZPZyG2fNBRj-7Lz5omVdm7tHoCgSNfY",  # jwt.io, ES512
        "IsUn6_e04MaShXFIISMp4kG62LWzMIPy_MvSA5pJgX8",  # RFC 7515, appendix A.2
        "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",  # RFC 7515, appendix A.3
        "u5YUSjQ2-2chBi51NSk3t3g7IM4o2KYcnPqPtCNGd3U",  # RFC 7515, appendix A.4
        "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",  # RFC 7517, appendix A.2
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",  # RFC 7517, appendix A.2, and RFC 7638
        "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI",  # RFC 7520 §3.4
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",  # RFC 8037, appendix A
    }
)
"""By their SHA-256 thumbprints (RFC 7638)."""


def is_published(secret: bytes) -> bool:
    """Say whether a secret is, or has in it, an example that everybody knows; as text, or decoded from it."""
    spellings = map(_letters_and_digits, (secret, secret.hex().encode(), urlsafe_b64encode(secret)))
    return any(known in spelling for spelling in spellings for known in (*_PLACEHOLDERS, *_EXAMPLES))


def _letters_and_digits(text: bytes) -> str:
    return re.sub(rb"[^a-z0-9]", b"", text.lower()).decode()


def is_typed(secret: bytes) -> bool:
    """Say whether a secret is one text again and again, has few different characters, or counts up or down."""
    length = len(secret)
    repeats = any(secret[period:] == secret[:-period] for period in range(1, length // 2 + 1))
    steps = sum(abs(one - other) <= 1 for one, other in pairwise(secret))
    return repeats or len(set(secret)) < _FEWEST_DIFFERENT_BYTES or steps > length * 3 // 4
