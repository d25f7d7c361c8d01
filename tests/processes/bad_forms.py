"""Bad inputs to pages and forms, rows 78 to 87 of the list."""

import re
from urllib.parse import quote

from servers import PASSWORD
from wall import EVIL, FOREIGN, Person, Reply, Wall, check, row

ELSEWHERE = (
    "//evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "/\t/evil.test",
    "/%09/evil.test",
    "/\0/evil.test",
    " //evil.test",
    "https:evil.test",
    "https:///evil.test",
    "javascript:alert(1)",
    "//evil.test@api.example.com",
    "https://api.example.com@evil.test",
    "/..//evil.test",
    "/x\r\nSet-Cookie: a=b",
)
FORM = "Content-Type: application/x-www-form-urlencoded"


def is_a_page(reply: Reply, status: int) -> str:
    assert check(reply, status)["Content-Type"].startswith("text/html")
    return reply.text


@row(78)
def a_wrong_password(wall: Wall) -> None:
    person, caller = wall.person(), wall.caller()
    with wall.unchanged():
        texts = [
            is_a_page(caller.fills_in("/login", username=name, password="hunter2 hunter2"), 401)
            for name in (person.name, f"not-{person.name}")
        ]
    texts = [re.sub(r'nonce="[\w-]+"|value="[\w-]+"', "", text) for text in texts]
    assert texts[0] == texts[1]
    assert "hunter2" not in texts[0]


@row(79)
def from_other_sites(wall: Wall) -> None:
    person = wall.person()
    sandbox = ("Origin: null", "Sec-Fetch-Site: cross-site")
    with wall.unchanged(compared=0):
        for headers in (FOREIGN, ("Origin: http://127.0.0.1:1", "Sec-Fetch-Site: same-site"), sandbox):
            reply = person.caller.fills_in(
                "/login", "Accept: text/html", *headers, username=person.name, password=PASSWORD
            )
            is_a_page(reply, 403)


@row(80)
def from_a_page_that_says_little(wall: Wall) -> None:
    person = wall.person()
    headers = ("Origin: null", "Sec-Fetch-Site: same-origin")
    reply = person.caller.fills_in("/login", *headers, username=person.name, password=PASSWORD)
    assert set(check(reply, 303, cookie="set").cookies) == {wall.refresh_name, wall.access_name}


def cookies_of(person: Person) -> str:
    """Sign somebody in by the form; return the header that brings the cookies."""
    reply = check(person.caller.fills_in("/login", username=person.name, password=PASSWORD), 303, cookie="set")
    return "Cookie: " + "; ".join(f"{name}={value}" for name, value in reply.cookies.items())


@row(81)
def leading_elsewhere(wall: Wall) -> None:
    """All is led by one function, so the form itself is tried with some: a hash is dear."""
    person = wall.person()
    cookie = cookies_of(person)
    for target in ELSEWHERE:
        reply = person.caller.ask(f"GET /login?next={quote(target, safe='')}", cookie)
        assert check(reply, 303)["Location"] == "/account", target
    for target in (*ELSEWHERE[:4], "/" + "x" * 9000):
        reply = person.caller.fills_in("/login", username=person.name, password=PASSWORD, next=target)
        assert check(reply, 303, cookie="set")["Location"] == "/account", target
        assert set(reply.cookies) == {wall.refresh_name, wall.access_name}
    twice = f"username={person.name}&password={PASSWORD}&next=/a&next=//evil.test".replace(" ", "+").encode()
    assert person.caller.ask("POST /login", FORM, body=twice)["Location"] == "/account"


@row(82)
def leading_on(wall: Wall) -> None:
    person = wall.person()
    fields = {"username": person.name, "password": PASSWORD, "next": "/account?tab=1#x"}
    reply = person.caller.fills_in("/login", **fields)
    assert check(reply, 303, cookie="set")["Location"] == "/account?tab=1#x"


@row(83)
def forms_that_no_page_of_ours_has(wall: Wall) -> None:
    caller = wall.caller()
    parts = b'--x\r\nContent-Disposition: form-data; name="username"; filename="a"\r\n\r\nalice\r\n--x--\r\n'
    many = b"&".join(b"f%d=x" % number for number in range(2000))
    with wall.unchanged(compared=0):
        for kind, body in (
            (FORM, b"username=a&username=b&password=x"),
            ("Content-Type: multipart/form-data; boundary=x", parts),
            (FORM, many),
        ):
            reply = caller.ask("POST /login", "Accept: text/html", kind, body=body)
            assert reply.status in (400, 413), reply
            is_a_page(reply, reply.status)


@row(84)
def credentials_in_the_address(wall: Wall) -> None:
    with wall.unchanged(compared=0):
        text = is_a_page(wall.caller().ask("GET /login?username=walter&password=hunter2"), 200)
    assert "walter" not in text
    assert "hunter2" not in text


@row(85)
def signing_out_without_a_word_of_whence(wall: Wall) -> None:
    person = wall.person()
    cookie = cookies_of(person)
    check(person.caller.ask("POST /logout", cookie, FORM), 303, cookie="clear")
    assert person.caller.ask("GET /account", cookie).status == 303


@row(86)
def in_a_frame(wall: Wall) -> None:
    for path in ("/login", "/register", "/logout"):
        reply = wall.caller().ask(f"GET {path}", "Sec-Fetch-Dest: iframe", "Sec-Fetch-Site: cross-site")
        is_a_page(reply, 200)
        assert "frame-ancestors 'none'" in reply["Content-Security-Policy"]
        assert reply["X-Frame-Options"] == "DENY"


@row(87)
def forwarded_by_nobody_we_know(wall: Wall) -> None:
    person = wall.person()
    for number in range(10):
        headers = (f"X-Forwarded-Host: {EVIL[8:]}", f"X-Forwarded-For: 198.51.100.{number}")
        check(person.caller.signs_in(person.name, "a wrong password", *headers), 401, "invalid_credentials")
    last = person.caller.signs_in(person.name, "a wrong password", "X-Forwarded-For: 198.51.100.99")
    check(last, 429, "too_many_requests")
    asked = ("X-Forwarded-Host: forwarded.test", "Forwarded: host=forwarded.test;for=198.51.100.1")
    for path in ("/", "/account", "/login"):
        reply = person.caller.ask(f"GET {path}", *asked)
        assert "forwarded.test" not in reply.text + reply["Location"]
    assert "198.51.100." not in wall.server.log.read_text()
