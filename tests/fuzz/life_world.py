"""A world in which anything may happen to sessions next, each answer compared with what the model tells."""

from itertools import count
from typing import Any

from answers import COOKIE, cookies
from command_line import command_line
from conftest import PASSWORD, Clock
from flask import Flask
from hosts import RENEWED, services_of
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from life_model import ACCESS_SECONDS, LIFETIME, RENEWABLE_SECONDS, Browser, Life, Somebody
from werkzeug.test import TestResponse

NUMBERS = count(1)
ANY = st.integers(0, 10_000)
"""Which of those that there are."""


class World(RuleBasedStateMachine):
    """Two users with any number of browsers, on one application."""

    app: Flask
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.client = self.app.test_client(use_cookies=False)
        self.browsers: list[Browser] = []
        self.users = [Somebody(f"somebody{next(NUMBERS)}", PASSWORD) for _ in range(2)]
        for user in self.users:
            reply = self.ask("POST", "/auth/register", {"username": user.name, "password": user.password})
            assert reply.status_code == 201
            self.begins(user, reply)

    def ask(
        self, method: str, path: str, content: Any = None, *, access: str = "", refresh: str = "", **form: str
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {access}"} if access else {}
        if refresh:
            headers["Cookie"] = f"{COOKIE}={refresh}"
        return self.client.open(path, method=method, json=content, headers=headers)

    def begins(self, user: Somebody, reply: TestResponse) -> None:
        told = reply.get_json()
        life = Life(told["session"]["id"], user, self.clock.now, cookies(reply)[COOKIE].value)
        user.lives.append(life)
        self.browsers.append(self.holding(life, life.next, told))

    def holding(self, life: Life, refresh: str, told: dict[str, Any], until: float | None = None) -> Browser:
        """Return a browser that has just got a token response; no access token outlives its session."""
        now = self.clock.now.timestamp()
        assert 0 < told["expires_in"] <= ACCESS_SECONDS
        assert now + told["expires_in"] <= (life.began + LIFETIME).timestamp()
        renewable_until = now + RENEWABLE_SECONDS if until is None else until
        return Browser(life, refresh, told["access_token"], now, now + told["expires_in"], renewable_until)

    def any_browser(self, which: int) -> Browser:
        """Return one of the newest, so that much happens to each."""
        newest = self.browsers[-4:]
        return newest[which % len(newest)]

    def is_let_in(self, browser: Browser, reply: TestResponse, *, renews: bool = True) -> bool:
        """Check whether a guarded route lets the browser in, and whether it renews its access token; say the former."""
        now, refusal = self.clock.now, browser.may_enter(self.clock.now)
        if refusal:
            assert (reply.status_code, reply.get_json()["code"]) == (401, refusal)
            assert RENEWED not in reply.headers
            return False
        if not renews:
            assert RENEWED not in reply.headers
        elif browser.is_due(now):
            browser.life.is_used(now)
            life = min(ACCESS_SECONDS, (browser.life.began + LIFETIME - now).total_seconds())
            assert (RENEWED in reply.headers) == (now.timestamp() + life > browser.until)
            if RENEWED in reply.headers:
                told = {"access_token": reply.headers[RENEWED], "expires_in": int(life)}
                renewed = self.holding(browser.life, browser.refresh, told, browser.renewable_until)
                self.browsers[self.browsers.index(browser)] = renewed
        else:
            assert RENEWED not in reply.headers
        return True

    @rule(seconds=st.sampled_from([1, 30, 59, 61, 300, 660, 840, 960, 86_400, 6 * 86_400, 8 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.clock.tick(seconds=seconds)

    @rule(who=st.integers(0, 1), along=st.none() | ANY, is_right=st.booleans())
    def somebody_signs_in(self, who: int, along: int | None, is_right: bool) -> None:
        """With the cookie of any browser, whose session is over then."""
        user = self.users[who]
        replaced = None if along is None else self.any_browser(along)
        content = {"username": user.name.upper(), "password": user.password if is_right else "a wrong password"}
        reply = self.ask("POST", "/auth/login", content, refresh=replaced.refresh if replaced else "")
        if user.is_disabled or not is_right:
            assert (reply.status_code, reply.get_json()["code"]) == (401, "invalid_credentials")
            assert "Set-Cookie" not in reply.headers
            return
        assert reply.status_code == 200
        if replaced is not None:
            replaced.life.end("replaced")
        self.begins(user, reply)

    @rule(which=ANY, is_lost=st.booleans(), old=st.none() | ANY, after=st.sampled_from([0, 30, 59, 60, 61, 70]))
    def a_browser_refreshes(self, which: int, is_lost: bool, old: int | None, after: int) -> None:
        """With its own token, or any that the session ever had; the answer may be lost."""
        self.clock.tick(seconds=after)
        browser, now = self.any_browser(which), self.clock.now
        life = browser.life
        token = browser.refresh if old is None else life.tokens[old % len(life.tokens)]
        verdict = life.verdict(token, now)
        reply = self.ask("POST", "/auth/refresh", refresh=token)
        if verdict in ("over", "reuse"):
            told = reply.get_json()
            allowed = {("refresh_token_reused", "reuse")} if verdict == "reuse" else life.refusals(now)
            assert (told["code"], told.get("reason")) in allowed
            assert reply.status_code == 401
            assert cookies(reply)[COOKIE]["max-age"] == "0"
            life.end("reuse")
            return
        assert reply.status_code == 200
        assert (COOKIE in cookies(reply)) == (verdict != "quiet")
        fresh = browser.refresh
        if verdict != "quiet":
            fresh = cookies(reply)[COOKIE].value
            assert fresh not in life.tokens
            life.go_on(verdict, fresh, now)
        if not is_lost:
            self.browsers[self.browsers.index(browser)] = self.holding(life, fresh, reply.get_json())

    @rule(which=ANY)
    def two_tabs_race(self, which: int) -> None:
        self.a_browser_refreshes(which, is_lost=True, old=None, after=0)
        self.a_browser_refreshes(which, is_lost=False, old=None, after=0)

    @rule(which=ANY)
    def a_browser_asks_who_it_is(self, which: int) -> None:
        browser = self.any_browser(which)
        reply = self.ask("GET", "/auth/me", access=browser.access)
        if self.is_let_in(browser, reply):
            told = reply.get_json()
            assert (told["user"]["username"], told["session"]["id"]) == (browser.life.user.name, browser.life.id)

    @rule(which=ANY)
    def a_browser_lists_sessions(self, which: int) -> None:
        browser, now = self.any_browser(which), self.clock.now
        reply = self.ask("GET", "/auth/sessions", access=browser.access)
        if self.is_let_in(browser, reply):
            told = {session["id"]: session["device"] for session in reply.get_json()["sessions"]}
            assert told == {life.id: life.device for life in browser.life.user.living(now)}

    @rule(which=ANY, other=ANY)
    def a_browser_ends_a_session(self, which: int, other: int) -> None:
        """Any session, somebody else's too."""
        browser, meant = self.any_browser(which), self.any_browser(other).life
        may = meant.user is browser.life.user and meant.lives(self.clock.now)
        reply = self.ask("DELETE", f"/auth/sessions/{meant.id}", access=browser.access)
        if self.is_let_in(browser, reply, renews=False):
            assert reply.status_code == (204 if may else 404)
            if may:
                meant.end("ended_by_user")

    @rule(which=ANY)
    def a_browser_ends_the_others(self, which: int) -> None:
        browser = self.any_browser(which)
        reply = self.ask("DELETE", "/auth/sessions", access=browser.access)
        if self.is_let_in(browser, reply, renews=False):
            ended = browser.life.user.end_all("ended_by_user", self.clock.now, but=browser.life)
            assert reply.get_json() == {"ended": ended}

    @rule(which=ANY, other=ANY, name=st.sampled_from(["Phone", "Work", "x" * 300]))
    def a_browser_names_a_device(self, which: int, other: int, name: str) -> None:
        """By the page, for which any access token is good as a cookie."""
        browser, meant = self.any_browser(which), self.any_browser(other).life
        cookie = {"Cookie": f"access_token={browser.access}"}
        reply = self.client.post(f"/account/sessions/{meant.id}/name", data={"device": name}, headers=cookie)
        if browser.may_enter(self.clock.now):
            assert (reply.status_code, reply.location.partition("?")[0]) == (303, "/login")
        elif meant.user is browser.life.user and meant.lives(self.clock.now):
            assert (reply.status_code, reply.location.partition("?")[0]) == (303, "/account")
            meant.device = name[:100]
        else:
            assert reply.status_code == 404

    @rule(which=ANY, is_right=st.booleans())
    def a_browser_changes_the_password(self, which: int, is_right: bool) -> None:
        browser = self.any_browser(which)
        user, new = browser.life.user, f"another staple horse {next(NUMBERS)}"
        content = {"current_password": user.password if is_right else "a wrong password", "new_password": new}
        reply = self.ask("PUT", "/auth/password", content, access=browser.access)
        if self.is_let_in(browser, reply, renews=False) and not is_right:
            assert (reply.status_code, reply.get_json()["code"]) == (401, "invalid_credentials")
        elif not browser.may_enter(self.clock.now):
            assert reply.status_code == 204
            user.password = new
            user.end_all("password_changed", self.clock.now, but=browser.life)
            browser.life.is_used(self.clock.now)

    @rule(which=ANY, everywhere=st.booleans())
    def a_browser_signs_out(self, which: int, everywhere: bool) -> None:
        browser, now = self.any_browser(which), self.clock.now
        reply = self.ask("POST", "/auth/logout", {"everywhere": everywhere}, refresh=browser.refresh)
        assert reply.status_code == 204
        assert cookies(reply)[COOKIE]["max-age"] == "0"
        was_alive = browser.life.lives(now)
        browser.life.end("logout")
        if everywhere and was_alive:
            browser.life.user.end_all("logout", now)

    @rule(who=st.integers(0, 1))
    def somebody_is_disabled_or_enabled(self, who: int) -> None:
        user = self.users[who]
        accounts = services_of(self.app).accounts
        with self.app.app_context():
            if user.is_disabled:
                accounts.enable(user.name)
            else:
                assert accounts.disable(user.name) >= len(user.living(self.clock.now))
                for life in user.lives:
                    life.end("account_disabled")
        user.is_disabled = not user.is_disabled

    @rule(rarely=st.integers(0, 3))
    def keys_are_rotated(self, rarely: int) -> None:
        """Nobody is refused anything for that."""
        for words in (("keys", "generate"), ("keys", "rotate", "--now")) if rarely == 0 else ():
            assert command_line(self.app)(*words).exit_code == 0
