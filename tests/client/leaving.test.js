/** Signing out, and closing a session without: nothing comes back, and the server is told. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

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

/** What a browser keeps beyond the page, and whether it is online. */
function keep({ onLine = true } = {}) {
  globalThis.localStorage = {};
  Object.defineProperty(globalThis, "navigator", { value: { onLine }, configurable: true });
}
afterEach(() => {
  delete globalThis.localStorage;
  delete globalThis.navigator;
});
const offline = () => Promise.reject(new TypeError("offline"));
const paths = (server) => server.calls.map(({ path }) => path);

test("who signed out offline is signed out after a reload, and the server is told before it is asked", async () => {
  keep();
  const { server, session, openTab } = await signedIn();
  server.answers["/auth/logout"] = offline;
  await assert.rejects(session.logout({ everywhere: true }), { code: "unreachable" });
  delete server.answers["/auth/logout"];
  server.calls.length = 0;
  const { signedIn: known, reason } = await openTab().restore();
  assert.deepEqual([known, reason, paths(server), server.cookie], [false, "logout", ["/auth/logout"], null]);
  assert.deepEqual(server.calls[0].body, { everywhere: true });
  await openTab().restore();
  assert.deepEqual(paths(server), ["/auth/logout", "/auth/refresh"]);
});

test("who signed out offline and reloads offline is signed out, and the server is told later", async () => {
  keep();
  const { server, session, openTab } = await signedIn();
  server.answers["/auth/logout"] = offline;
  await session.logout().catch(() => {});
  assert.equal((await openTab().restore()).reason, "logout");
  delete server.answers["/auth/logout"];
  await openTab().restore();
  assert.equal(server.cookie, null);
});

test("a page that is gone before the call has failed has signed out all the same", async () => {
  keep({ onLine: false });
  const { server, session, openTab } = await signedIn();
  server.answers["/auth/logout"] = () => new Promise(() => {});
  session.logout();
  delete server.answers["/auth/logout"];
  assert.equal((await openTab().restore()).reason, "logout");
});

test("a sign-in after that stands, whatever becomes of the old call", async () => {
  keep();
  const { clock, server, session, openTab } = await signedIn();
  const release = server.hold("/auth/logout");
  const leaving = session.logout().catch((error) => error.code);
  const entering = session.login({ username: "bob" });
  await clock.advance(20_000);
  await entering;
  assert.equal(await leaving, "timeout");
  release();
  assert.equal((await openTab().restore()).user.username, "bob");
});

test("a sign-in after one that the server did not hear of is brought back by a reload", async () => {
  keep();
  const { server, session, openTab } = await signedIn();
  server.answers["/auth/logout"] = offline;
  await session.logout().catch(() => {});
  await session.login({ username: "bob" });
  assert.equal((await openTab().restore()).user.username, "bob");
});

test("a browser that keeps nothing signs out as long as the page is there", async () => {
  keep();
  Object.defineProperty(globalThis, "localStorage", { get: () => assert.fail("refused"), configurable: true });
  const { server, session } = await signedIn();
  await session.logout();
  assert.deepEqual([session.state.reason, server.cookie], ["logout", null]);
});
