/** Tabs: what they save each other, and that none of it is ever waited for without an end. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeHub, makeWorld, neverGranted, reasonsOf, settle, signedIn } from "./kit.js";

async function twoTabs(options) {
  const world = await signedIn(options);
  const other = world.openTab();
  await other.restore();
  return { ...world, other };
}

test("one tab renews, the others hear of it", async () => {
  const { clock, server, session, other } = await twoTabs();
  const before = server.count("/auth/refresh");
  await clock.advance(850_000);
  assert.equal(server.count("/auth/refresh"), before + 1);
  assert.ok(session.expiresIn > 800 && other.expiresIn > 800);
});

test("two tabs that meet a 401 at once renew once", async () => {
  const { clock, server, session, other } = await twoTabs();
  const before = server.count("/auth/refresh");
  clock.sleepMachine(900_000);
  const answers = await Promise.all([session.fetch("/a"), other.fetch("/b")]);
  assert.deepEqual(answers.map(({ status }) => status), [200, 200]);
  assert.equal(server.count("/auth/refresh"), before + 1);
});

test("what a tab hears it does not tell again", async () => {
  const { hub, session, other } = await twoTabs();
  const before = hub.posted;
  await session.login({ username: "bob" });
  await other.logout();
  await settle();
  assert.deepEqual([session.state.signedIn, hub.posted], [false, before + 2]);
});

test("a password confirmed in one tab is not told to the others", async () => {
  const { hub, session } = await twoTabs();
  const before = hub.posted;
  await session.confirm("correct horse");
  assert.equal(hub.posted, before);
});

test("a logout reaches a tab that is about to restore", async () => {
  const { server, session, openTab } = await signedIn();
  const release = server.hold("/auth/refresh");
  const opening = openTab();
  const restored = opening.restore();
  await settle();
  const leaving = session.logout();
  release();
  await Promise.all([restored, leaving]);
  assert.deepEqual([opening.state.signedIn, opening.state.reason], [false, "logout"]);
});

test("a tab that is signed out is not signed out again", async () => {
  const open = makeHub();
  const { session } = await signedIn({ channel: open() });
  await session.logout();
  const reasons = reasonsOf(session);
  open().postMessage({ ended: "s1", reason: "logout" });
  await settle();
  assert.deepEqual(reasons, []);
});

test("a login in one tab reaches the others", async () => {
  const { session, other } = await twoTabs();
  await session.login({ username: "bob" });
  await settle();
  assert.deepEqual([other.state.user.username, other.state.reason], ["bob", "login"]);
});

test("a login reaches a tab that was signed out", async () => {
  const { openTab } = makeWorld();
  const [one, other] = [openTab(), openTab()];
  await other.restore();
  await one.login({ username: "alice" });
  await settle();
  assert.equal(other.state.signedIn, true);
});

test("a logout in one tab reaches the others", async () => {
  const { session, other } = await twoTabs();
  await session.logout();
  await settle();
  assert.deepEqual([other.state.signedIn, other.state.reason], [false, "logout"]);
});

test("what the server said to one tab reaches the others, and they tell it no further", async () => {
  const { clock, server, session, other } = await twoTabs();
  const reasons = reasonsOf(other);
  server.answers["/auth/refresh"] = () => Response.json({ code: "refresh_token_reused" }, { status: 401 });
  clock.sleepMachine(900_000);
  await session.fetch("/reports");
  await settle();
  assert.deepEqual([other.state.signedIn, reasons], [false, ["refresh_token_reused"]]);
});

test("a late message about an older session does not end a newer one", async () => {
  const open = makeHub();
  const { session } = await signedIn({ channel: open() });
  await session.login({ username: "bob" });
  open().postMessage({ ended: "s1", reason: "logout" });
  await settle();
  assert.equal(session.state.signedIn, true);
});

test("a late token of an older session does not overwrite a newer login", async () => {
  const open = makeHub();
  const { server, session } = await signedIn({ channel: open() });
  const older = { ...server.grant(), claims: {}, at: 0 };
  await session.login({ username: "bob" });
  open().postMessage({ grant: older, reason: "renewed" });
  await settle();
  assert.equal(session.state.user.username, "bob");
});

test("a late token of the session that was logged out does not bring it back", async () => {
  const open = makeHub();
  const { server, session } = await signedIn({ channel: open() });
  const late = server.grant();
  await session.logout();
  open().postMessage({ grant: late, reason: "renewed" });
  await settle();
  assert.equal(session.state.signedIn, false);
});

test("a message that waited in a frozen tab does not make its token last longer", async () => {
  const open = makeHub();
  const { clock, server, session } = await signedIn({ channel: open() });
  await clock.advance(600_000);
  const grant = server.grant();
  const at = clock.wall();
  await clock.advance(200_000);
  const claims = JSON.parse(Buffer.from(grant.access_token.split(".")[1], "base64url"));
  open().postMessage({ grant: { ...grant, claims, at }, reason: "renewed" });
  await settle();
  assert.equal(session.expiresIn, 700);
});

test("a password confirmed in one tab is not undone by a renewal in another", async () => {
  const { clock, server, session, other } = await twoTabs();
  await session.confirm("correct horse");
  await clock.advance(1_000);
  server.revoked.add(server.calls.at(-1).bearer);
  clock.sleepMachine(1_000);
  const before = session.state;
  server.answers["/reports"] = () => Response.json({ code: "token_invalid" }, { status: 401 });
  await other.fetch("/reports");
  await settle();
  assert.equal(session.state, before);
});

test("a renewal that finds another session in the cookie follows the newer login", async () => {
  const { clock, server, session } = await signedIn({ channel: null });
  server.begin("bob");
  await clock.advance(850_000);
  assert.equal(session.state.user.username, "bob");
});

test("a renewal that finds an older session in the cookie does not act for it", async () => {
  const { clock, server, session } = await signedIn({ channel: null });
  const older = server.cookie;
  await session.login({ username: "bob" });
  server.cookie = older;
  await clock.advance(850_000);
  assert.deepEqual([session.state.signedIn, session.state.reason], [false, "session_replaced"]);
});

test("a lock that is never released is waited for five seconds and no longer", async () => {
  const { clock, server, openTab } = makeWorld({ locks: neverGranted });
  server.begin();
  const session = openTab();
  const restored = session.restore();
  await clock.advance(4_999);
  assert.equal(server.calls.length, 0);
  await clock.advance(1);
  assert.equal((await restored).signedIn, true);
});

test("a login does not hang on a lock that is never released", async () => {
  const { clock, openTab } = makeWorld({ locks: neverGranted });
  const entering = openTab().login({ username: "alice" });
  await clock.advance(5_000);
  assert.equal((await entering).signedIn, true);
});

test("a lock that is granted after the wait is over starts nothing twice", async () => {
  let grantLock;
  const locks = { request: (_, task) => new Promise((resolve) => (grantLock = () => resolve(task()))) };
  const { clock, server, openTab } = makeWorld({ locks });
  server.begin();
  const entering = openTab().login({ username: "alice" });
  await clock.advance(5_000);
  await entering;
  grantLock();
  await settle();
  assert.equal(server.count("/auth/login"), 1);
});

test("a browser that refuses locks goes on without", async () => {
  const locks = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
  const { server, openTab } = makeWorld({ locks });
  server.begin();
  assert.equal((await openTab().restore()).signedIn, true);
});

test("without locks and channel two tabs each renew, and both stay signed in", async () => {
  const { clock, server, openTab } = makeWorld({ locks: null, channel: null });
  server.begin();
  const tabs = [openTab(), openTab()];
  await Promise.all(tabs.map((tab) => tab.restore()));
  await clock.advance(850_000);
  assert.deepEqual(tabs.map(({ state }) => state.reason), ["renewed", "renewed"]);
});

test("a login elsewhere while this tab renews counts more than the answer that comes late", async () => {
  const { clock, server, session, other } = await twoTabs({ locks: null });
  const release = server.hold("/auth/refresh");
  clock.sleepMachine(900_000);
  const waiting = other.fetch("/reports");
  await settle();
  await session.login({ username: "bob" });
  await settle();
  release();
  await waiting;
  assert.equal(other.state.user.username, "bob");
});
