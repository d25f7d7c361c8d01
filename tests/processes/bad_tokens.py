"""Bad inputs to guarded routes, rows 51 to 71 of the list."""

import socket

from forgeries import FORGERIES
from wall import EVIL, LITTLE_LEFT, Caller, Wall, check, row

ME = "GET /auth/me"
INVALID = 'Bearer error="invalid_token"'
FORGED: dict[int, tuple[str, ...]] = {
    54: ("none", "None with the old signature", "NONE", "nOnE with a signature of one byte", "an empty signature",
         "a cut signature"),
    55: ("HS256 keyed with the public PEM", "HS256 keyed with the public JWK", "HS512 keyed with the public JWK",
         "HS256 keyed with the refresh secret"),
    57: ("no kid", "an empty kid", "a kid that climbs directories", "a kid in SQL", "a kid for a shell",
         "a number as kid", "a list as kid"),
    58: ("a signature of zeros", "a signature in DER", "a stranger's key"),
    59: ("a text as exp", "null as exp", "true as exp", "a list as exp", "NaN as exp", "infinity as exp",
         "an exp of 400 digits", "an exp of 1e400", "an iat in the future", "an nbf in the future", "a text as nbf",
         "no exp", "no iat"),
    60: ("a number as sub", "a list as sub", "an empty sub", "no sub", "a number as jti", "no jti", "a number as sid",
         "no sid"),
    61: ("another issuer", "another audience", "a list of other audiences", "no iss", "no aud"),
    62: ("another typ", "the typ of a proof", "no typ", "the type of a refresh token", "a list as type",
         "an unknown type", "no type", "a refresh token"),
    63: ("two subs in the claims", "two kids in the header"),
    64: ("a list as payload", "a text as payload", "an empty payload", "a payload that nests deep", "a list as header",
         "a header that nests deep", "two parts", "five parts", "the JSON form of a token"),
    69: ("a key that it is bound to",),
    66: ("an unknown critical extension", "an empty critical list", "a payload that is not encoded"),
}  # fmt: skip


def refused(caller: Caller, *headers: str | bytes, code: str, challenge: str, what: str = ME) -> None:
    assert check(caller.ask(what, *headers), 401, code).all("WWW-Authenticate") == [challenge]


def missing(caller: Caller, *headers: str | bytes, what: str = ME) -> None:
    refused(caller, *headers, code="token_missing", challenge="Bearer", what=what)


def invalid(caller: Caller, token: str | bytes) -> None:
    sent = token if isinstance(token, bytes) else token.encode()
    refused(caller, b"Authorization: Bearer " + sent, code="token_invalid", challenge=INVALID)


@row(51)
def no_token(wall: Wall) -> None:
    missing(wall.caller())
    missing(wall.caller(), "Authorization: Basic dTpw")


@row(52)
def half_a_token(wall: Wall) -> None:
    person = wall.person()
    for header in ("Authorization: Bearer", "Authorization: Bearer ", "Authorization: Bearer a b"):
        assert person.caller.ask(ME, header).status == 401
    assert person.caller.ask(ME, person.bearer, "Authorization: Bearer other").status in (400, 401)


@row(53)
def in_small_letters(wall: Wall) -> None:
    person = wall.person()
    check(person.caller.ask(ME, f"authorization: bearer {person.access}"), 200)


def forged(number: int) -> None:
    def attempt(wall: Wall) -> None:
        person = wall.person()
        forger = wall.forger(person)
        for name in FORGED[number]:
            invalid(person.caller, FORGERIES[name](forger))
        assert person.is_signed_in()

    row(number)(attempt)


for _number in FORGED:
    forged(_number)


@row(56)
def a_key_of_ones_own(wall: Wall) -> None:
    person = wall.person()
    forger = wall.forger(person)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        address = "http://{}:{}/keys".format(*listener.getsockname())
        for header in ({"jwk": forger.key.public_jwk}, {"jku": address}, {"x5u": address}, {"x5c": ["AA"]}):
            invalid(person.caller, forger.signed(header=header, key=forger.stranger))
        assert not has_been_called(listener)


def has_been_called(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except BlockingIOError:
        return False
    return True


@row(65)
def bytes_that_are_no_token(wall: Wall) -> None:
    caller = wall.caller()
    invalid(caller, "é")
    invalid(caller, "x" * 7000)
    for token in (b"a\0b", b"x" * 64 * 1024):
        assert caller.ask(ME, b"Authorization: Bearer " + token).status in (400, 401, 431)


@row(67)
def of_an_ended_session(wall: Wall) -> None:
    person = wall.person()
    assert person.is_signed_in()
    invalid(person.caller, f"{person.access}=")
    check(person.caller.ask("POST /auth/logout", person.cookie), 204, cookie="clear")
    refused(person.caller, person.bearer, code="session_ended", challenge=INVALID)
    invalid(person.caller, f"{person.access}=")


@row(68)
def a_token_in_the_wrong_place(wall: Wall) -> None:
    person = wall.person()
    caller, token = person.caller, person.access
    missing(caller, what=f"{ME}?access_token={token}")
    missing(caller, f"Cookie: {wall.access_name}={token}")
    missing(caller, person.cookie)
    form = "Content-Type: application/x-www-form-urlencoded"
    check(caller.ask(ME, form, body=b"access_token=" + token.encode()), 401, "token_missing")


@row(70)
def little_left_from_another_site(wall: Wall) -> None:
    person = wall.due()
    reply = check(person.caller.ask(ME, person.bearer, f"Origin: {EVIL}"), 200)
    assert [name for name, _ in reply.headers if name.lower().startswith("access-control")] == []


@row(71)
def little_left_and_nothing_new(wall: Wall) -> None:
    person = wall.person()
    tag = person.caller.ask("GET /kept", person.bearer)["ETag"]
    wall.waits(LITTLE_LEFT)
    check(person.caller.ask("GET /kept", person.bearer, f"If-None-Match: {tag}"), 304)
