/** Renewal: ahead of time, by the server's clock, and without a loop. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { leaveScreen, makeWorld, putOnScreen, settle, signedIn } from "./kit.js";

afterEach(leaveScreen);

test("the token is renewed a minute before it ends, and not before", async () => {
  const { clock, server, session } = await signedIn();
  await clock.advance(839_000);
  assert.equal(server.count("/auth/refresh"), 1);
  await clock.advance(2_000);
  assert.deepEqual([server.count("/auth/refresh"), session.state.reason], [2, "renewed"]);
});

test("a short token is renewed in its last third", async () => {
  const { clock, server } = await signedIn({ expiresIn: 30 });
  await clock.advance(19_000);
  assert.equal(server.count("/auth/refresh"), 1);
  await clock.advance(2_000);
  assert.equal(server.count("/auth/refresh"), 2);
});

test("a timer that comes a fraction of a millisecond early costs no second", async () => {
  const { clock, server } = await signedIn({ expiresIn: 2, random: () => 0.9999 });
  await clock.advance(1_340);
  assert.equal(server.count("/auth/refresh"), 2);
});

test("the end of a token counts from the moment it was asked for", async () => {
  const { clock, server, openTab } = makeWorld();
  server.begin();
  const release = server.hold("/auth/refresh");
  const session = openTab();
  const restored = session.restore();
  await clock.advance(10_000);
  release();
  await restored;
  assert.equal(session.expiresIn, 890);
});

test("a request shortly before the end does not wait for the renewal it starts", async () => {
  const { clock, server, session } = await signedIn();
  clock.sleepMachine(870_000);
  const release = server.hold("/auth/refresh");
  assert.equal((await session.fetch("/reports")).status, 200);
  await settle();
  assert.equal(server.count("/auth/refresh"), 2);
  release();
});

test("after sleep a request is renewed for although the monotonic clock stood still", async () => {
  const { clock, server, session } = await signedIn();
  clock.sleepMachine(8 * 3_600_000);
  assert.equal((await session.fetch("/reports")).status, 200);
  assert.deepEqual(server.calls.slice(-2).map(({ path }) => path), ["/auth/refresh", "/reports"]);
});

test("after sleep the page renews by itself within a minute", async () => {
  const { clock, server } = await signedIn();
  clock.sleepMachine(8 * 3_600_000);
  await clock.advance(60_000);
  assert.equal(server.count("/auth/refresh"), 2);
});

test("a clock that is set back does not make a token last longer", async () => {
  const { clock, server, openTab } = makeWorld();
  server.begin();
  const release = server.hold("/auth/refresh");
  const session = openTab();
  const restored = session.restore();
  await clock.advance(10_000);
  release();
  await restored;
  clock.sleepMachine(-3_600_000);
  await clock.advance(800_000);
  assert.equal(session.expiresIn, 90);
});

test("a page in the background is not renewed until it is seen", async () => {
  const screen = putOnScreen(true);
  const { clock, server } = await signedIn();
  await clock.advance(3_600_000);
  assert.equal(server.count("/auth/refresh"), 1);
  screen.show();
  await settle();
  assert.equal(server.count("/auth/refresh"), 2);
});

test("becoming visible renews nothing that is not due", async () => {
  const screen = putOnScreen();
  const { server } = await signedIn();
  screen.show();
  await settle();
  assert.equal(server.count("/auth/refresh"), 1);
});

test("a page that was never asked to restore does not ask the server on its own", async () => {
  const screen = putOnScreen();
  const { clock, server, openTab } = makeWorld();
  openTab();
  screen.show();
  screen.online();
  await clock.advance(3_600_000);
  assert.equal(server.calls.length, 0);
});

test("a server that issues dead tokens is not asked more than once a second", async () => {
  const { clock, server } = await signedIn({ expiresIn: 0 });
  await clock.advance(10_000);
  assert.equal(server.count("/auth/refresh"), 11);
});

test("a token that lasts for months sets no timer that fires at once", async () => {
  const { clock, server } = await signedIn({ expiresIn: 60 * 86_400 });
  await clock.advance(600_000);
  assert.equal(server.count("/auth/refresh"), 1);
});
