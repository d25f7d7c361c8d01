"""`flask keys …`."""

from datetime import datetime, timezone
from typing import Any

from flask.cli import AppGroup

from ...identity.services import current
from ...identity.tokens.keys import SigningKey
from .output import example, json_option, tell

keys = AppGroup("keys", help="Look at the signing keys.")


@keys.command("list", epilog=example("flask keys list"))
@json_option
def list_keys(as_json: bool) -> None:
    """List the signing keys, newest first: the first signs, all verify."""
    ring = current().keys
    facts = [_facts(key, signs=key.kid == ring.signing_key.kid) for key in ring]
    tell("\n".join(_line(**fact) for fact in facts), {"keys": facts}, as_json=as_json)


def _facts(key: SigningKey, *, signs: bool) -> dict[str, Any]:
    made = None
    if key.created_at is not None:
        made = datetime.fromtimestamp(key.created_at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"kid": key.kid, "algorithm": key.algorithm, "created_at": made, "signs": signs}


def _line(*, kid: str, algorithm: str, created_at: str | None, signs: bool) -> str:
    age = f"made {created_at}" if created_at else "of unknown age"
    return f"{kid}  {algorithm}  {age}  {'signs' if signs else 'verifies'}"
