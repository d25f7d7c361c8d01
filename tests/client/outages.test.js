/** Renewal that fails: the session is kept, pauses grow, and only the server's word ends it. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { leaveScreen, makeWorld, putOnScreen, refusal, settle, signedIn } from "./kit.js";

const offline = () => Promise.reject(new TypeError("offline"));

afterEach(leaveScreen);

for (const [what, answer] of Object.entries({
  "being offline": offline,
  "a 500": () => refusal("internal_error", 500),
  "a 503": () => refusal("store_unavailable", 503),
  "a 429": () => refusal("too_many_requests", 429),
  "a 403": () => refusal("untrusted_origin", 403),
  "a 503 with the code of a 401": () => refusal("session_ended", 503),
  "a 401 that is not the server's": () => new Response("proxy", { status: 401 }),
  "a captive portal": () => new Response("<h1>Welcome</h1>"),
})) {
  test(`${what} keeps the session and its token, and is tried again`, async () => {
    const { clock, server, session } = await signedIn();
    server.answers["/auth/refresh"] = answer;
    await clock.advance(850_000);
    assert.equal((await session.fetch("/reports")).status, 200);
    delete server.answers["/auth/refresh"];
    await clock.advance(60_000);
    assert.deepEqual([session.state.signedIn, session.state.reason], [true, "renewed"]);
  });
}

test("an answer that never comes is given up after the timeout and keeps the session", async () => {
  const { clock, server, session } = await signedIn();
  server.answers["/auth/refresh"] = () => new Promise(() => {});
  clock.sleepMachine(900_000);
  server.answers["/reports"] = () => refusal("token_expired");
  const reports = session.fetch("/reports").catch((error) => error.code);
  await clock.advance(15_000);
  assert.deepEqual([await reports, session.state.signedIn], ["timeout", true]);
});

test("an answer whose body never ends is given up too", async () => {
  const { clock, server, session } = await signedIn();
  server.answers["/auth/refresh"] = () => new Response(new ReadableStream());
  clock.sleepMachine(900_000);
  const reports = session.fetch("/reports").catch((error) => error.code);
  await clock.advance(15_000);
  assert.equal(await reports, "timeout");
});

test("failures are asked again less and less often, at most once a minute", async () => {
  const { clock, server } = await signedIn();
  server.answers["/auth/refresh"] = offline;
  const asked = async (ms) => {
    const before = server.count("/auth/refresh");
    await clock.advance(ms);
    return server.count("/auth/refresh") - before;
  };
  assert.equal(await asked(840_000 + 60_000), 6);
  assert.equal(await asked(600_000), 10);
});

test("pauses are spread by chance", async () => {
  const { clock, server } = await signedIn({ random: () => 0 });
  server.answers["/auth/refresh"] = offline;
  await clock.advance(855_000 + 30_000);
  assert.equal(server.count("/auth/refresh"), 1 + 6);
});

test("after a success pauses begin short again", async () => {
  const { clock, server, session } = await signedIn();
  server.answers["/auth/refresh"] = offline;
  await clock.advance(840_000 + 20_000);
  delete server.answers["/auth/refresh"];
  await clock.advance(20_000);
  assert.equal(session.state.reason, "renewed");
  server.answers["/auth/refresh"] = offline;
  const before = server.count("/auth/refresh");
  await clock.advance(session.expiresIn * 1000 - 60_000 + 3_500);
  assert.equal(server.count("/auth/refresh"), before + 3);
});

test("Retry-After is honoured", async () => {
  const { clock, server } = await signedIn();
  server.answers["/auth/refresh"] = () => refusal("too_many_requests", 429, { "Retry-After": "300" });
  await clock.advance(841_000);
  await clock.advance(298_000);
  assert.equal(server.count("/auth/refresh"), 2);
  await clock.advance(4_000);
  assert.equal(server.count("/auth/refresh"), 3);
});

test("requests during the pause do not ask for a renewal each", async () => {
  const { clock, server, session } = await signedIn();
  server.answers["/auth/refresh"] = offline;
  clock.sleepMachine(900_000);
  for (let i = 0; i < 20; i++) await assert.rejects(session.fetch("/reports"), { code: "unreachable" });
  assert.equal(server.count("/auth/refresh"), 2);
});

test("a public route is served while renewal fails", async () => {
  const { clock, server, session } = await signedIn();
  server.answers["/auth/refresh"] = offline;
  server.answers["/public"] = () => Response.json({});
  clock.sleepMachine(900_000);
  assert.equal((await session.fetch("/public")).status, 200);
});

test("restoring offline stays undecided with the reason, and succeeds once the network is back", async () => {
  const screen = putOnScreen();
  const { server, openTab } = makeWorld();
  server.begin();
  server.answers["/auth/refresh"] = offline;
  const session = openTab();
  const { signedIn: known, reason } = await session.restore();
  assert.deepEqual([known, reason], [null, "unreachable"]);
  delete server.answers["/auth/refresh"];
  screen.online();
  await settle();
  assert.equal(session.state.signedIn, true);
});

test("being online again does not bring back a session that was left meanwhile", async () => {
  const screen = putOnScreen();
  const { clock, server, session } = await signedIn();
  server.answers["/auth/refresh"] = offline;
  await clock.advance(850_000);
  await session.logout();
  const asked = server.count("/auth/refresh");
  screen.online();
  await settle();
  assert.equal(server.count("/auth/refresh"), asked);
});

test("being online again does not cut short a pause the server asked for", async () => {
  const screen = putOnScreen();
  const { server, openTab } = makeWorld();
  server.answers["/auth/refresh"] = () => refusal("too_many_requests", 429, { "Retry-After": "300" });
  await openTab().restore();
  screen.online();
  await settle();
  assert.equal(server.count("/auth/refresh"), 1);
});
