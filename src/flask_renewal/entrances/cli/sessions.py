"""`flask sessions …`."""

import sys
import time
from collections.abc import Iterator
from math import ceil

import click
from flask.cli import AppGroup

from ...ground.errors import SessionNotFoundError
from ...identity.services import current
from ...identity.sessions.ending import ENDED_BY_HOST, is_id
from ...identity.sessions.public import session_json
from ...identity.sessions.purging import EXAMINED_IN_A_BATCH
from ...stores.base import Session
from . import explaining
from .output import DASHES, count, dry_run_option, example, json_option, refusing, shown_time, tell

sessions = AppGroup("sessions", help="List sessions, end them, purge those that are over.")


@sessions.command("list", context_settings=DASHES, epilog=example("flask sessions list alice"))
@click.argument("name")
@json_option
def list_sessions(name: str, as_json: bool) -> None:
    """List the living sessions of the user NAME, newest use first; where the host has the accounts NAME is an id."""
    services = current()
    with refusing(as_json=as_json):
        found = services.sessions.list(_id_of(name))
    facts = {"username": name, "sessions": [session_json(session, current_id=None) for session in found]}
    lines = [_line(session) for session in found]
    tell("\n".join([*lines, f"{name} has {count(len(found), 'session')}."]), facts, as_json=as_json)


@sessions.command("end", context_settings=DASHES, epilog=example("flask sessions end --user alice"))
@click.argument("session_id", required=False)
@click.option("--user", "name", help="End all sessions of this user.")
@dry_run_option
@json_option
def end_sessions(session_id: str | None, name: str | None, dry_run: bool, as_json: bool) -> None:
    """End the session SESSION_ID, or with --user all sessions of a user."""
    _check_either(session_id, name)
    with refusing(as_json=as_json):
        ended = _find(session_id, name) if dry_run else _end(session_id, name)
    verb = "Would end" if dry_run else "Ended"
    tell(f"{verb} {count(ended, 'session')}.", {"ended": ended, "dry_run": dry_run}, as_json=as_json)


@sessions.command("explain", context_settings=DASHES, epilog=example("flask sessions explain --user alice"))
@click.argument("session_id", required=False)
@click.option("--user", "name", help="Explain all sessions of this user that are known yet.")
@json_option
def explain_sessions(session_id: str | None, name: str | None, as_json: bool) -> None:
    """Tell the life of the session SESSION_ID, or with --user of each of a user: what became of it, and why.

    A session that is over is known until it would have expired; Redis finds one that was ended by its id alone.
    """
    _check_either(session_id, name)
    services, now = current(), current().clock.now()
    with refusing(as_json=as_json):
        found = services.store.history(_id_of(name)) if name is not None else [_known(session_id or "")]
    lives = [explaining.told(session, name or _name_of(session), now=now) for session in found]
    sentence = "\n\n".join(lives) or f"No session of {name} is known."
    tell(sentence, {"sessions": [explaining.facts(session, now=now) for session in found]}, as_json=as_json)


def _check_either(session_id: str | None, name: str | None) -> None:
    if (session_id is None) == (name is None):
        raise click.UsageError("Give either a session id or --user NAME.")


def _known(session_id: str) -> Session:
    """Return a session, over or not; raises `SessionNotFoundError`."""
    session = current().store.find(session_id) if is_id(session_id) else None
    if session is None:
        raise SessionNotFoundError
    return session


def _name_of(session: Session) -> str:
    person = current().people.find(session.user_id)
    return (person and person.username) or f"the user with the id {session.user_id}"


def _id_of(name: str) -> str:
    """Return the id of the user NAME, which it is itself where the host proves who people are."""
    services = current()
    return name if services.ours is None else services.accounts.find(name).id


def _end(session_id: str | None, name: str | None) -> int:
    services = current()
    if name is not None:
        return services.sessions.end_all(_id_of(name), reason=ENDED_BY_HOST)
    services.sessions.end(session_id or "", reason=ENDED_BY_HOST)
    return 1


def _find(session_id: str | None, name: str | None) -> int:
    """Return how many living sessions are meant; raises `SessionNotFoundError` as ending one would."""
    services = current()
    if name is not None:
        return len(services.sessions.list(_id_of(name)))
    services.sessions.living(session_id or "")
    return 1


@sessions.command("purge", epilog=example("flask sessions purge --dry-run"))
@dry_run_option
@json_option
def purge_sessions(dry_run: bool, as_json: bool) -> None:
    """Delete the rows of sessions that are over, in small batches that hold nobody up."""
    services = current()
    with refusing(as_json=as_json):
        rows = services.store.count(now=services.clock.now())
        purged = rows.over if dry_run else _purge(rows.all)
    verb = "Would purge" if dry_run else "Purged"
    tell(f"{verb} {count(purged, 'session')}.", {"purged": purged, "dry_run": dry_run}, as_json=as_json)


def _purge(rows: int) -> int:
    batches = _resting(current().sessions.purging.everything())
    if not _is_watched():
        return sum(batches)
    length = ceil(rows / EXAMINED_IN_A_BATCH)
    with click.progressbar(batches, length=length, label="Purging", file=sys.stderr) as progress:
        return sum(progress)


def _resting(batches: Iterator[int]) -> Iterator[int]:
    """Rest after each batch as long as it took: half of the time belongs to those who refresh meanwhile."""
    begun = time.monotonic()
    for batch in batches:
        yield batch
        time.sleep(time.monotonic() - begun)
        begun = time.monotonic()


def _is_watched() -> bool:
    return sys.stderr.isatty()


def _line(session: Session) -> str:
    last = shown_time(session.last_used_at)
    return f"{session.id}  last used {last}  {session.device or session.user_agent or 'unknown device'}"
