"""Bad inputs to signing out and to the list of sessions: rows 45 to 50 and 72 to 77 of the list."""

import secrets
from urllib.parse import quote

from bad_tokens import missing
from servers import PASSWORD
from wall import EVIL, LITTLE_LEFT, Wall, check, row


@row(45)
def signing_out_nobody(wall: Wall) -> None:
    with wall.unchanged():
        check(wall.caller().ask("POST /auth/logout"), 204, cookie="clear")


@row(46)
def signing_out_with_what_is_dead(wall: Wall) -> None:
    person = wall.person()
    check(person.caller.ask("POST /auth/logout", person.cookie), 204, cookie="clear")
    with wall.unchanged():
        check(person.caller.ask("POST /auth/logout", person.cookie), 204, cookie="clear")
        check(person.caller.ask("POST /auth/logout", f"Cookie: {wall.refresh_name}=not-ours"), 204)


@row(47)
def signing_out_from_another_site(wall: Wall) -> None:
    person = wall.person()
    with wall.unchanged():
        for origin in (EVIL, "http://127.0.0.1:1"):
            reply = person.caller.ask("POST /auth/logout", person.cookie, f"Origin: {origin}")
            check(reply, 403, "untrusted_origin")
    assert person.is_signed_in()


@row(48)
def signing_out_by_reading(wall: Wall) -> None:
    person = wall.person()
    with wall.unchanged():
        check(person.caller.ask("GET /auth/logout", person.cookie), 405, "method_not_allowed")
        image = person.caller.ask("GET /logout", person.cookie, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: image")
        assert check(image, 200)["Content-Type"].startswith("text/html")  # asks, and does nothing
    assert person.is_signed_in()


@row(49)
def signing_out_with_little_left(wall: Wall) -> None:
    person = wall.person()
    wall.waits(LITTLE_LEFT)
    check(person.caller.ask("POST /auth/logout", person.cookie, person.bearer), 204, cookie="clear")
    assert not person.is_signed_in()


@row(50)
def signing_out_two(wall: Wall) -> None:
    """The cookie's session ends; that of the access token does only where there is no cookie of ours."""
    one, other = wall.person(), wall.person()
    check(one.caller.ask("POST /auth/logout", other.cookie, one.bearer), 204, cookie="clear")
    assert one.is_signed_in()
    assert not other.is_signed_in()


@row(72)
def the_list_by_cookie(wall: Wall) -> None:
    person = wall.person()
    missing(person.caller, person.cookie, what="GET /auth/sessions")


@row(73)
def what_is_not_ones_own(wall: Wall) -> None:
    alice, bob = wall.person(), wall.person()
    with wall.unchanged():
        texts = {
            check(alice.caller.ask(f"DELETE /auth/sessions/{name}", alice.bearer), 404, "session_not_found").text
            for name in (bob.session, secrets.token_urlsafe(16), str(2**70), quote("١٢٣"), "%25", "'%20OR%201=1--")
        }
        check(alice.caller.ask("DELETE /auth/sessions/..%2f", alice.bearer), 404, "not_found")
    assert len(texts) == 1
    assert bob.is_signed_in()


@row(74)
def this_very_session(wall: Wall) -> None:
    person = wall.due()
    reply = person.caller.ask(f"DELETE /auth/sessions/{person.session}", person.bearer, person.cookie)
    check(reply, 204, cookie="clear")
    assert not person.is_signed_in()


@row(75)
def labels_on_a_page(wall: Wall) -> None:
    person = wall.person()
    image = '"><img src=x onerror=alert(1)>'
    agent = f"User-Agent: {image}"
    sign_in = person.caller.fills_in("/login", agent, username=person.name, password=PASSWORD)
    cookie = "Cookie: " + "; ".join(f"{name}={value}" for name, value in sign_in.cookies.items())
    told = check(person.caller.ask("GET /auth/sessions", person.bearer), 200)
    assert told["Content-Type"] == "application/json"
    assert image in [session["user_agent"] for session in told.json["sessions"]]
    renamed = person.caller.fills_in(f"/account/sessions/{person.session}/name", cookie, device="safe\u202egnp.exe")
    assert renamed.status == 303
    page = person.caller.ask("GET /account", cookie)
    assert page.status == 200
    assert "<img src=x" not in page.text
    assert "\u202e" not in page.text
    assert "safegnp.exe" in page.text


@row(76)
def with_a_proof_of_long_ago(wall: Wall) -> None:
    """What takes over an account needs the password, however good the token; to end a session does not."""
    person = wall.person()
    other = person.caller.person(person.name, person.caller.signs_in(person.name))
    wall.waits(LITTLE_LEFT)
    check(person.refreshes(), 200, cookie="set")
    kind, body = "Content-Type: application/json", b'{"new_password": "another staple horse battery"}'
    with wall.unchanged(compared=0):
        check(person.caller.ask("PUT /auth/password", kind, person.bearer, body=body), 422, "invalid_request")
    check(person.caller.ask(f"DELETE /auth/sessions/{other.session}", person.bearer), 204)


@row(77)
def questions_that_nobody_asked_for(wall: Wall) -> None:
    person = wall.person()
    for limit in ("-1", "1e9", "abc"):
        told = check(person.caller.ask(f"GET /auth/sessions?limit={limit}", person.bearer), 200).json
        assert [session["id"] for session in told["sessions"]] == [person.session]
