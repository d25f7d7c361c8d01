"""Bad inputs to sign-in, rows 1 to 24 of the list: each is refused for what it is, and changes nothing."""

import json

from servers import PASSWORD
from wall import EVIL, FOREIGN, Caller, Reply, Wall, check, row

GOOD = {"username": "alice", "password": PASSWORD}
TYPE = "Content-Type: application/json"
LIMIT = 10
"""Attempts that are judged in a minute."""


def refused(wall: Wall, *bodies: object, status: int = 422, code: str = "invalid_request") -> None:
    """Check that none of these bodies is a sign-in, none costs a hash, and no row changes."""
    caller = wall.caller()
    with wall.unchanged(compared=0):
        for body in bodies:
            check(caller.posts("/auth/login", body), status, code)


def failed(caller: Caller, name: str, password: str = PASSWORD) -> Reply:
    return check(caller.signs_in(name, password), 401, "invalid_credentials")


@row(1)
def no_body(wall: Wall) -> None:
    refused(wall, b"")


@row(2)
def no_json(wall: Wall) -> None:
    refused(wall, b"{", b'{"username":"\xff","password":"x"}')


@row(3)
def no_object(wall: Wall) -> None:
    refused(wall, b"[]", b'"x"', b"null", b"5", b"true")


@row(4)
def another_media_type(wall: Wall) -> None:
    caller, body = wall.caller(), json.dumps(GOOD).encode()
    types = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
    with wall.unchanged(compared=0):
        for headers in ([], *([f"Content-Type: {kind}"] for kind in types)):
            check(caller.ask("POST /auth/login", *headers, body=body), 415, "unsupported_media_type")


@row(5)
def fields_of_other_kinds(wall: Wall) -> None:
    refused(wall, {"username": "alice"}, {"password": PASSWORD})
    for wrong in (None, 5, ["alice"], {"a": 1}, True):
        refused(wall, {**GOOD, "username": wrong}, {**GOOD, "password": wrong})


@row(6)
def a_name_twice(wall: Wall) -> None:
    refused(wall, b'{"username": "alice", "username": "bob", "password": "x"}')


@row(7)
def half_a_character(wall: Wall) -> None:
    for field in GOOD:
        refused(wall, {**GOOD, field: "\ud800"}, {**GOOD, field: "a\0b"})


@row(8)
def numbers_beyond_all_measure(wall: Wall) -> None:
    for number in (b"%d" % 2**70, b"NaN", b"1e400"):
        refused(wall, b'{"username": %s, "password": "x"}' % number, b'{"username": "x", "password": %s}' % number)


@row(9)
def nesting(wall: Wall) -> None:
    refused(wall, b"[" * 60_000)
    refused(wall, b"[" * 100_000, status=413, code="payload_too_large")


@row(10)
def thirty_megabytes(wall: Wall) -> None:
    caller = wall.caller()
    with wall.unchanged(compared=0):
        told = caller.ask("POST /auth/login", TYPE, f"Content-Length: {30 * 2**20}", body=b"{")
        check(told, 413, "payload_too_large")
        chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
        cut = caller.ask("POST /auth/login", TYPE, "Transfer-Encoding: chunked", body=chunk * 20 + b"0\r\n\r\n")
        check(cut, 413, "payload_too_large")


@row(11)
def a_password_that_is_too_long(wall: Wall) -> None:
    refused(wall, {**GOOD, "password": "x" * 1025}, {**GOOD, "password": "é" * 513})


@row(12)
def nearly_the_password(wall: Wall) -> None:
    person = wall.person()
    with wall.unchanged():
        failed(person.caller, person.name, f"{PASSWORD} ")
        failed(person.caller, person.name, PASSWORD.upper())
    long = "a long sentence that nobody guesses " * 3
    changed = json.dumps({"current_password": PASSWORD, "new_password": long}).encode()
    assert person.caller.ask("PUT /auth/password", TYPE, person.bearer, body=changed).status == 204
    failed(person.caller, person.name, long[:72])
    check(person.caller.signs_in(person.name, long), 200, cookie="set")


@row(13)
def nobody_and_somebody_who_may_not(wall: Wall) -> None:
    person = wall.person()
    assert wall.control.ask(f"POST /control/disable?name={person.name}").status == 200
    with wall.unchanged():
        replies = [failed(wall.caller(), name) for name in (f"not-{person.name}", person.name)]
    assert replies[0].text == replies[1].text
    assert [name for name, _ in replies[0].headers] == [name for name, _ in replies[1].headers]


@row(14)
def names_in_other_languages(wall: Wall) -> None:
    caller = wall.caller()
    with wall.unchanged():
        for name in ("' OR 1=1--", "admin'--", "%", "*)(uid=*"):
            failed(caller, name)


@row(15)
def an_empty_password(wall: Wall) -> None:
    refused(wall, {**GOOD, "password": ""})
    failed(wall.caller(), "alice", "   ")


def spent(wall: Wall) -> tuple[Caller, str]:
    """Return a caller, and somebody's name, who has used up all attempts."""
    person = wall.person()
    for _ in range(LIMIT):
        failed(person.caller, person.name, "a wrong password")
    return person.caller, person.name


@row(16)
def one_failure_more_than_the_limit(wall: Wall) -> None:
    caller, name = spent(wall)
    with wall.unchanged(compared=0):
        reply = check(caller.signs_in(name, "a wrong password"), 429, "too_many_requests")
    assert 0 < int(reply["Retry-After"]) <= 61


@row(17)
def the_right_password_too_late(wall: Wall) -> None:
    caller, name = spent(wall)
    with wall.unchanged(compared=0):
        check(caller.signs_in(name), 429, "too_many_requests")


@row(18)
def credentials_in_the_address(wall: Wall) -> None:
    person = wall.person()
    password = PASSWORD.replace(" ", "%20")
    with wall.unchanged(compared=0):
        reply = person.caller.posts(f"/auth/login?username={person.name}&password={password}", {})
        check(reply, 422, "invalid_request")


@row(19)
def somebody_elses_cookie(wall: Wall) -> None:
    bob, alice = wall.person(), wall.person()
    reply = check(alice.caller.signs_in(alice.name, PASSWORD, bob.cookie), 200, cookie="set")
    assert reply.json["session"]["id"] not in (alice.session, bob.session)
    assert check(bob.refreshes(), 401, "session_ended", cookie="clear").json["reason"] == "replaced"
    check(alice.refreshes(), 200, cookie="set")


@row(20)
def a_cookie_that_somebody_made(wall: Wall) -> None:
    alice, made = wall.person(), "made-by-an-attacker-and-planted"
    reply = alice.caller.signs_in(alice.name, PASSWORD, f"Cookie: {wall.refresh_name}={made}")
    assert made not in check(reply, 200, cookie="set")["Set-Cookie"]
    assert not [text for text in wall.rows("renewal_session") if made in text]


@row(21)
def from_another_site(wall: Wall) -> None:
    alice = wall.person()
    with wall.unchanged(compared=0):
        for header in (*FOREIGN, f"Origin: {EVIL}"):
            for _ in range(LIMIT):
                check(alice.caller.signs_in(alice.name, "a wrong password", header), 403, "untrusted_origin")
            check(alice.caller.signs_in(alice.name, PASSWORD, header), 403, "untrusted_origin")
    check(alice.caller.signs_in(alice.name), 200, cookie="set")


@row(22)
def other_methods(wall: Wall) -> None:
    caller = wall.caller()
    with wall.unchanged(compared=0):
        for method in ("GET", "PUT", "DELETE"):
            reply = check(caller.ask(f"{method} /auth/login"), 405, "method_not_allowed")
            assert "POST" in reply["Allow"]
            assert method not in reply["Allow"]


@row(23)
def labels_that_mislead(wall: Wall) -> None:
    alice = wall.person()
    for label in ("x\r\nSet-Cookie: a=b", "x" * 10_000, "\u202egnp.exe", "<script>alert(1)</script>"):
        reply = check(alice.caller.signs_in(alice.name, device=label), 200, cookie="set")
        kept = reply.json["session"]["device"]
        assert len(kept) <= 256
        assert kept.isprintable()
        assert [name for name in reply.cookies if name != wall.refresh_name] == []
        assert reply["Content-Type"] == "application/json"


@row(24)
def another_host(wall: Wall) -> None:
    caller, body = wall.caller(), json.dumps(GOOD).encode()
    with wall.unchanged(compared=0):
        for host in ("evil.test", f"127.0.0.1@{EVIL[8:]}", ""):
            reply = caller.ask("POST /auth/login", TYPE, body=body, host=host)
            assert reply.status == 400, reply
            assert not reply.cookies
            assert "evil" not in reply.text
