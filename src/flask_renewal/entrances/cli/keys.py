"""`flask keys …`."""

from datetime import datetime, timezone
from typing import Any

import click
from flask.cli import AppGroup

from ...ground.errors import SigningKeyError
from ...identity.services import current
from ...identity.tokens.keys.key_file import KeyFile
from ...identity.tokens.keys.life import DEFAULT_ALGORITHM
from ...identity.tokens.keys.signing_key import MAKERS, SigningKey
from .output import DASHES, example, json_option, refusing, tell

keys = AppGroup("keys", help="Look at the signing keys, make new ones and retire old ones; nobody is signed out.")

_now_option = click.option("--now", "at_once", is_flag=True, help="Do not wait for others to know, or tokens to end.")


@keys.command("list", epilog=example("flask keys list"))
@json_option
def list_keys(as_json: bool) -> None:
    """List the signing keys: the first signs, all verify."""
    ring = current().keys
    ring.follow()
    facts = [_facts(key, signs=key.kid == ring.signing_key.kid) for key in ring]
    tell("\n".join(_line(**fact) for fact in facts), {"keys": facts}, as_json=as_json)


@keys.command("generate", epilog=example("flask keys generate --algorithm EdDSA"))
@click.option("--algorithm", type=click.Choice(list(MAKERS)), default=DEFAULT_ALGORITHM, show_default=True)
@json_option
def generate(algorithm: str, as_json: bool) -> None:
    """Publish a new key, which does not sign yet."""
    with refusing(as_json=as_json):
        key = _file().generate(algorithm)
    tell(f"Published {key.kid}; let it sign in five minutes: flask keys rotate.", {"kid": key.kid}, as_json=as_json)


@keys.command("rotate", epilog=example("flask keys rotate"))
@_now_option
@json_option
def rotate(at_once: bool, as_json: bool) -> None:
    """Let the newest published key sign; the one before goes on to verify."""
    with refusing(as_json=as_json):
        key = _file().rotate(at_once=at_once)
    tell(f"Every process signs with {key.kid} within 5 seconds.", {"kid": key.kid}, as_json=as_json)


@keys.command("retire", context_settings=DASHES, epilog=example("flask keys retire KID"))
@click.argument("kid")
@_now_option
@json_option
def retire(kid: str, at_once: bool, as_json: bool) -> None:
    """Let the key KID verify no more; with --now its access tokens are refused, and their holders refresh."""
    with refusing(as_json=as_json):
        _file().retire(kid, at_once=at_once)
    tell(f"No process takes {kid} after 5 seconds.", {"kid": kid}, as_json=as_json)


def _file() -> KeyFile:
    source = current().keys.source
    if not isinstance(source, KeyFile):
        raise SigningKeyError("The keys come from the settings or a folder, not the key file; change them there.")
    return source


def _facts(key: SigningKey, *, signs: bool) -> dict[str, Any]:
    made = None
    if key.created_at is not None:
        made = datetime.fromtimestamp(key.created_at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"kid": key.kid, "algorithm": key.algorithm, "created_at": made, "signs": signs}


def _line(*, kid: str, algorithm: str, created_at: str | None, signs: bool) -> str:
    age = f"made {created_at}" if created_at else "of unknown age"
    return f"{kid}  {algorithm}  {age}  {'signs' if signs else 'verifies'}"
