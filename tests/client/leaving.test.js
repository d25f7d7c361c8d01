/** Signing out, and closing a session without: nothing comes back, and the server is told. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeWorld, neverGranted, settle, signedIn } from "./kit.js";

test("logout forgets before the server has answered, and ends the session of cookie and token", async () => {
  const { server, session } = await signedIn();
  const release = server.hold("/auth/logout");
  const leaving = session.logout({ everywhere: true });
  assert.deepEqual([session.state.signedIn, session.state.reason, session.expiresIn], [false, "logout", 0]);
  release();
  await leaving;
  const call = server.calls.at(-1);
  assert.ok(call.bearer);
  assert.deepEqual(call.body, { everywhere: true });
});

test("logout is told at once, whoever holds the lock, by a request that outlives the page", async () => {
  const { clock, server, openTab } = makeWorld({ locks: neverGranted });
  const session = openTab();
  const entering = session.login({ username: "alice" });
  await clock.advance(5_000);
  await entering;
  session.logout();
  await settle();
  const call = server.calls.at(-1);
  assert.deepEqual([call.path, call.request.keepalive], ["/auth/logout", true]);
});

test("a logout the server has not heard of rejects", async () => {
  const { server, session } = await signedIn();
  server.answers["/auth/logout"] = () => Promise.reject(new TypeError("offline"));
  await assert.rejects(session.logout(), { code: "unreachable" });
  assert.equal(session.state.signedIn, false);
});

test("the answer of a renewal that was under way at logout does not bring the session back", async () => {
  const { clock, server, session } = await signedIn();
  const release = server.hold("/auth/refresh");
  await clock.advance(900_000);
  const leaving = session.logout();
  release();
  await leaving;
  await settle();
  assert.equal(session.state.signedIn, false);
});

test("a stopped session has no timers, hears nothing and tells nobody", async () => {
  const { clock, session, openTab } = await signedIn();
  session.stop();
  const other = openTab();
  await other.login({ username: "bob" });
  await session.fetch("/reports");
  assert.equal(session.state.user.username, "alice");
  assert.equal(clock.pending(), 1);
  await session.logout();
  assert.equal(other.state.signedIn, true);
});

test("stopping abandons a renewal under way", async () => {
  const { clock, server, session } = await signedIn();
  server.hold("/auth/refresh");
  await clock.advance(900_000);
  session.stop();
  await settle();
  assert.deepEqual([server.calls.at(-1).request.signal.aborted, clock.pending()], [true, 0]);
});

test("nothing but a logout outlives the page, for a browser may go on with it after it is given up", async () => {
  const { clock, server, session } = await signedIn();
  await session.login({ username: "alice" });
  await clock.advance(841_000);
  await session.confirm("correct horse");
  await session.logout();
  const outliving = server.calls.filter(({ request }) => request.keepalive).map(({ path }) => path);
  assert.deepEqual(outliving, ["/auth/logout"]);
});

test("a login under way is given up before the server is told of the logout", async () => {
  const { server, openTab } = makeWorld();
  const order = [];
  const fetch = (input, init) => {
    const { pathname } = new URL(input);
    order.push(pathname);
    init.signal.addEventListener("abort", () => order.push("given up: " + pathname));
    return server.fetch(input, init);
  };
  const session = openTab({ fetch });
  await session.login({ username: "alice" });
  server.hold("/auth/login");
  const entering = session.login({ username: "bob" }).catch((error) => error.code);
  await settle();
  order.length = 0;
  await session.logout();
  assert.deepEqual(order, ["given up: /auth/login", "/auth/logout"]);
  assert.equal(await entering, "superseded");
});
