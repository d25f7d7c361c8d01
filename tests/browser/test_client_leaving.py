"""Signing out without a network, and a page that the API does not trust."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, send_from_directory

from flask_renewal.ground.folders import BROWSER

from .client_kit import World, sign_in, who
from .tabs import PlaywrightProfile, PlaywrightTab

OWN_CLIENT = """<!doctype html><meta charset="utf-8"><title>Untrusted</title>
<script>
  const baseUrl = new URLSearchParams(location.search).get("api");
  window.ready = import("/client.js").then(({ createSession }) => { window.session = createSession({ baseUrl }); });
</script>"""
LOGIN = """
return session.login({ username: "alice", password: "x" }).catch(({ code }) => code);
"""


def test_who_signed_out_offline_is_signed_out_after_a_reload_and_the_server_is_told_first(world: World) -> None:
    tab = world.signed_in_tab()
    world.profile.context.set_offline(True)
    assert tab.run("return session.logout().catch(({ code }) => code)") == "unreachable"
    world.profile.context.set_offline(False)
    assert world.cookie() is not None
    tab.reload()
    tab.run("await session.restore()")
    assert who(tab) == [False, None, "logout"]
    assert (world.refreshes(), len(world.proxy.handled("/auth/logout")), world.cookie()) == ([], 1, None)


def test_who_signs_in_again_after_that_stays_signed_in(world: World) -> None:
    tab = world.signed_in_tab()
    world.profile.context.set_offline(True)
    tab.run("await session.logout().catch(() => {})")
    world.profile.context.set_offline(False)
    sign_in(tab)
    tab.reload()
    tab.run("await session.restore()")
    assert who(tab) == [True, "alice", "restored"]


def client_file(name: str) -> Response:
    return send_from_directory(BROWSER, name, mimetype="text/javascript")


def page_with_its_own_client() -> Flask:
    app = Flask("untrusted")
    app.add_url_rule("/", "page", lambda: OWN_CLIENT)
    app.get("/<path:name>", endpoint="client")(
        lambda name: send_from_directory(BROWSER, name, mimetype="text/javascript")
    )
    return app


def test_a_page_that_is_not_trusted_is_told_the_setting_and_its_origin_once(
    make_app: Callable[..., Flask], serve: Callable[..., str], profile: PlaywrightProfile
) -> None:
    api = serve(make_app(RENEWAL_TRUSTED_ORIGINS=["https://app.example.com"]), host="localhost")
    page = serve(page_with_its_own_client(), host="localhost")
    tab = profile.new_tab()
    heard = warnings_of(tab)
    tab.open(f"{page}/?api={api}")
    assert [tab.run(LOGIN), tab.run(LOGIN)] == ["origin_not_trusted"] * 2
    assert [text for text in heard if "RENEWAL_TRUSTED_ORIGINS" in text and page in text] == heard
    assert len(heard) == 1


def warnings_of(tab: PlaywrightTab) -> list[str]:
    """Collect what scripts warn of."""
    heard: list[str] = []

    def hear(message: Any) -> None:
        if message.type == "warning":
            heard.append(message.text)

    tab.page.on("console", hear)
    return heard


def test_a_server_that_is_away_is_only_that(serve: Callable[..., str], profile: PlaywrightProfile) -> None:
    tab = profile.new_tab()
    tab.open(f"{serve(page_with_its_own_client(), host='localhost')}/?api=http://localhost:1")
    assert tab.run(LOGIN) == "unreachable"
