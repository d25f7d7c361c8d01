"""Bad inputs to refreshing, rows 25 to 44 of the list."""

import resource
import sys
from concurrent.futures import ThreadPoolExecutor

from wall import EVIL, QUIET, Person, Reply, Wall, check, row

DAY = 24 * 3600
NOT_OURS = ("random", "", "x" * 5000, '"quoted"', "%00", "a.b.c", "\xf0\x9f\x8d\xaa")
SIBLING = "Origin: http://127.0.0.1:1"


def refresh(person: Person, cookie: str | bytes, *headers: str) -> Reply:
    """Refresh with another `Cookie` header."""
    return person.caller.ask("POST /auth/refresh", cookie, *headers)


def used(wall: Wall, times: int) -> tuple[Person, list[str]]:
    """Return somebody whose token was rotated so many times, the last time just now, and all the tokens."""
    person = wall.person()
    tokens = [person.refresh]
    for _ in range(times):
        wall.waits(QUIET)
        check(person.refreshes(), 200, cookie="set")
        tokens.append(person.refresh)
    return person, tokens


def reused(person: Person, token: str) -> None:
    """Check that this token ends the session, once and for all."""
    newest = person.refresh
    person.refresh = token
    check(person.refreshes(), 401, "refresh_token_reused", cookie="clear")
    person.refresh = newest
    assert check(person.refreshes(), 401, "session_ended", cookie="clear").json["reason"] == "reuse"
    assert not person.is_signed_in()
    assert "refresh-token-reused" in person.caller.wall.server.log.read_text()


@row(25)
def no_cookie(wall: Wall) -> None:
    with wall.unchanged():
        check(wall.caller().ask("POST /auth/refresh"), 401, "refresh_token_missing")


@row(26)
def values_that_are_no_token(wall: Wall) -> None:
    caller = wall.caller()
    with wall.unchanged():
        for value in NOT_OURS:
            reply = caller.ask("POST /auth/refresh", f"Cookie: {wall.refresh_name}={value}")
            check(reply, 401, "refresh_token_invalid")  # signed by nobody we know: not ours to delete


@row(27)
def a_token_used_long_ago(wall: Wall) -> None:
    person, tokens = used(wall, 2)
    wall.waits(QUIET)
    reused(person, tokens[0])


@row(28)
def the_token_before_while_its_successor_is_unused(wall: Wall) -> None:
    person, tokens = used(wall, 1)
    person.refresh = tokens[0]
    with wall.unchanged():
        check(person.refreshes(), 200)
    assert person.is_signed_in()


@row(29)
def the_token_before_while_its_successor_was_just_used(wall: Wall) -> None:
    person, tokens = used(wall, 2)
    person.refresh = tokens[0]
    with wall.unchanged():
        check(person.refreshes(), 200)  # quietly: an access token, and no refresh token ever
    assert person.refresh == tokens[0]


@row(30)
def the_token_before_the_one_before(wall: Wall) -> None:
    person, tokens = used(wall, 3)
    reused(person, tokens[0])


@row(31)
def unused_for_too_long(wall: Wall) -> None:
    person = wall.person()
    wall.waits(7 * DAY + 1)
    check(person.refreshes(), 401, "session_expired", cookie="clear")


@row(32)
def older_than_any_session(wall: Wall) -> None:
    person = wall.person()
    for _ in range(5):
        wall.waits(5.9 * DAY)
        check(person.refreshes(), 200, cookie="set")
    wall.waits(DAY)
    check(person.refreshes(), 401, "session_expired", cookie="clear")


@row(33)
def ended_by_others(wall: Wall) -> None:
    person, disabled = wall.person(), wall.person()
    other = person.caller.person(person.name, person.caller.signs_in(person.name))
    ended = person.caller.ask(f"DELETE /auth/sessions/{other.session}", person.bearer)
    check(ended, 204)
    assert check(other.refreshes(), 401, "session_ended", cookie="clear").json["reason"] == "ended_by_user"
    assert wall.control.ask(f"POST /control/disable?name={disabled.name}").status == 200
    check(disabled.refreshes(), 401, "account_disabled", cookie="clear")


@row(34)
def a_token_in_the_wrong_place(wall: Wall) -> None:
    person = wall.person()
    caller, token = person.caller, person.refresh
    with wall.unchanged():
        for reply in (
            caller.posts("/auth/refresh", {"refresh_token": token}),
            caller.ask(f"POST /auth/refresh?refresh_token={token}"),
            caller.ask("POST /auth/refresh", f"Authorization: Bearer {token}"),
            caller.ask("POST /auth/refresh", f"X-Refresh-Token: {token}"),
            caller.posts("/auth/refresh", {"refresh_token": token}, "X-Refresh-Transport: body"),
        ):
            check(reply, 401, "refresh_token_missing")


@row(35)
def an_access_token(wall: Wall) -> None:
    person = wall.person()
    person.refresh = person.access
    with wall.unchanged():
        check(person.refreshes(), 401, "refresh_token_invalid")


@row(36)
def two_cookies(wall: Wall) -> None:
    person = wall.person()
    good, bad = f"{wall.refresh_name}={person.refresh}", f"{wall.refresh_name}=bad"
    with wall.unchanged():
        for cookie in (f"Cookie: {good}; {bad}", f"Cookie: {bad}; {good}"):
            check(refresh(person, cookie), 401, "refresh_token_ambiguous")
    assert "refresh-token-ambiguous" in wall.server.log.read_text()


@row(37)
def names_like_ours(wall: Wall) -> None:
    person = wall.person()
    name, value = wall.refresh_name, person.refresh
    with wall.unchanged():
        for pair in (f"\xa0{name}={value}", f"{name.upper()}={value}", f"{name}\x85={value}", f'"{name}"={value}'):
            check(refresh(person, f"Cookie: {pair}"), 401, "refresh_token_missing")


def stays_away(wall: Wall, *headers: str) -> None:
    person = wall.person()
    with wall.unchanged():
        check(person.refreshes(*headers), 403, "untrusted_origin")
    check(person.refreshes(), 200, cookie="set")


@row(38)
def from_another_site(wall: Wall) -> None:
    stays_away(wall, "Sec-Fetch-Site: cross-site")


@row(39)
def from_a_sibling(wall: Wall) -> None:
    stays_away(wall, "Sec-Fetch-Site: same-site", SIBLING)


@row(40)
def from_a_sandbox(wall: Wall) -> None:
    stays_away(wall, "Origin: null")
    stays_away(wall, f"Origin: {EVIL}")


@row(41)
def by_reading(wall: Wall) -> None:
    person = wall.person()
    with wall.unchanged():
        check(person.caller.ask("GET /auth/refresh", person.cookie), 405, "method_not_allowed")
        check(person.caller.ask("HEAD /auth/refresh", person.cookie), 405)


@row(42)
def twenty_at_once(wall: Wall) -> None:
    person = wall.person()
    wall.waits(QUIET)
    with ThreadPoolExecutor(20) as threads:
        replies = list(threads.map(lambda _: refresh(person, person.cookie), range(20)))
    assert {reply.status for reply in replies} == {200}
    [winner] = [reply for reply in replies if reply.all("Set-Cookie")]
    person.refresh = winner.cookies[wall.refresh_name]
    wall.waits(QUIET)
    check(person.refreshes(), 200, cookie="set")


@row(43)
def without_a_database(wall: Wall) -> None:
    """A limit on the size of files stands for a database that cannot be written, for it can be lifted again."""
    if sys.platform != "linux":
        return
    person = wall.person()
    process = wall.control.ask("GET /control").json["process"]
    with wall.unchanged():
        resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        try:
            reply = check(person.refreshes(), 503, "store_unavailable")
        finally:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert int(reply["Retry-After"]) > 0
    check(person.refreshes(), 200, cookie="set")


@row(44)
def very_many(wall: Wall) -> None:
    """What nobody signed costs no question to the store, and is no session's to count; a session's own are counted."""
    person = wall.person()
    with wall.unchanged():
        for number in range(100):
            reply = person.caller.ask("POST /auth/refresh", f"Cookie: {wall.refresh_name}=random{number:040}")
            check(reply, 401, "refresh_token_invalid")
    check(person.refreshes(), 200, cookie="set")
    statuses = [person.refreshes().status for _ in range(60)]
    assert statuses[-1] == 429
    assert set(statuses) == {200, 429}
