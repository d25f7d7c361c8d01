"""Are the signing keys strong, young, and private?"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ...identity.tokens.keys.key_file import KEY_FILE
from ...identity.tokens.keys.signing_key import SigningKey
from .finding import Finding, Inspected, Level

OLD = timedelta(days=365)


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at the key that signs, and at who can read its file."""
    key, settings = inspected.services.keys.signing_key, inspected.settings
    if settings.secret_keys:
        yield _SHARED
    elif not settings.private_keys and settings.key_folder is None:
        yield from _of_file(inspected, Path(inspected.app.instance_path) / KEY_FILE, key)


_SHARED = Finding(
    code="secret_shared",
    level=Level.NOTE,
    subject="JWT_SECRET_KEY",
    what="Whoever can verify tokens with this secret can also make them.",
    mend="Remove it to sign ES256 with a key file, whose public half is at /.well-known/jwks.json.",
)


def _of_file(inspected: Inspected, path: Path, key: SigningKey) -> Iterator[Finding]:
    if not path.exists():
        yield Finding(
            code="key_file_missing",
            level=Level.ERROR,
            subject=path.name,
            what="The key file is gone; the next start makes another, which signs everybody out.",
            mend=f"Restore {path}.",
        )
        return
    status = os.stat(path)
    if status.st_mode & 0o077:
        yield Finding(
            code="key_file_readable",
            level=Level.ERROR,
            subject=path.name,
            what="Other users of this machine can read the signing keys.",
            mend=f"chmod 600 {path}",
        )
    made = datetime.fromtimestamp(key.created_at or status.st_mtime, timezone.utc)
    age = inspected.services.ambient.now() - made
    if age > OLD:
        yield Finding(
            code="key_old",
            level=Level.WARNING,
            subject=path.name,
            what=f"The key that signs is {age.days} days old.",
            mend="flask keys generate, and flask keys rotate five minutes later; or set RENEWAL_KEY_ROTATION.",
        )
