/** Restoring and logging in: who is signed in, and who may say so. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { json, makeWorld, reasonsOf, refusal, settle, signedIn } from "./kit.js";

test("after a reload the cookie brings the session back", async () => {
  const { session } = await signedIn();
  assert.equal(session.state.signedIn, true);
  assert.equal(session.state.user.username, "alice");
  assert.equal(session.state.reason, "restored");
});

test("without a cookie restoring ends signed out, with the server's reason", async () => {
  const state = await makeWorld().openTab().restore();
  assert.deepEqual([state.signedIn, state.reason], [false, "refresh_token_missing"]);
});

test("restoring twice at once asks the server once", async () => {
  const { server, openTab } = makeWorld();
  server.begin();
  const session = openTab();
  await Promise.all([session.restore(), session.restore()]);
  await session.restore();
  assert.equal(server.count("/auth/refresh"), 1);
});

test("the state is one object until something changes", async () => {
  const { session } = await signedIn();
  const before = session.state;
  assert.equal(session.state, before);
  await session.logout();
  assert.notEqual(session.state, before);
});

test("an answer that is cut off on its way was not heard", async () => {
  const { server, openTab } = makeWorld();
  const cut = new ReadableStream({ pull: (body) => body.error(new TypeError("network error")) });
  server.answers["/auth/login"] = () => new Response(cut);
  await assert.rejects(openTab().login({}), { code: "unreachable", status: undefined });
});

test("login signs in and sends what it was given as JSON, with the cookie jar", async () => {
  const { server, openTab } = makeWorld();
  const credentials = { username: "alice", password: "correct horse", device: "Laptop", remember: false };
  const state = await openTab().login(credentials);
  const [call] = server.calls;
  assert.deepEqual([state.signedIn, state.reason], [true, "login"]);
  assert.deepEqual([call.path, call.credentials], ["/auth/login", "include"]);
  assert.deepEqual(call.body, credentials);
  assert.equal(call.type, "application/json");
});

test("a device's id goes along at login and with each refresh, and no other request has it", async () => {
  const { clock, server, openTab } = makeWorld();
  const session = openTab({ deviceId: "laptop-1" });
  await session.login({ username: "alice", password: "correct horse" });
  assert.equal(server.calls[0].body.device_id, "laptop-1");
  clock.sleepMachine(900_000);
  await session.fetch("/reports");
  const told = server.calls.slice(1).map(({ path, request }) => [path, request.headers.get("X-Device-Id")]);
  assert.deepEqual(told, [["/auth/refresh", "laptop-1"], ["/reports", null]]);
});

test("registering signs in", async () => {
  const state = await makeWorld().openTab().register({ username: "alice", password: "correct horse" });
  assert.deepEqual([state.signedIn, state.reason], [true, "register"]);
});

test("a refused login rejects with the server's code, status and pause", async () => {
  const { server, openTab } = makeWorld();
  server.answers["/auth/login"] = () => refusal("too_many_requests", 429, { "Retry-After": "7" });
  const failure = await openTab().login({ username: "a", password: "b" }).catch((error) => error);
  const { name, code, status, retryAfter } = failure;
  assert.deepEqual([name, code, status, retryAfter], ["RenewalError", "too_many_requests", 429, 7]);
  assert.equal(failure.cause.code, "too_many_requests");
});

test("a login that cannot reach the server says so and keeps the cause", async () => {
  const cause = new TypeError("Failed to fetch");
  const failure = await makeWorld({ fetch: () => Promise.reject(cause) }).openTab().login({}).catch((error) => error);
  assert.deepEqual([failure.code, failure.cause], ["unreachable", cause]);
});

test("a refused login leaves the present session as it was", async () => {
  const { server, session } = await signedIn();
  server.answers["/auth/login"] = () => refusal("invalid_credentials");
  await assert.rejects(session.login({}), { code: "invalid_credentials" });
  assert.equal(session.state.user.username, "alice");
});

test("a page that is no answer of the API does not sign in", async () => {
  const { server, openTab } = makeWorld();
  server.answers["/auth/login"] = () => new Response("<h1>Welcome to Airport Wi-Fi</h1>");
  const session = openTab();
  await assert.rejects(session.login({}), { code: "http_200" });
  assert.equal(session.state.signedIn, null);
});

test("the answer of a renewal that was under way at login does not overwrite the login", async () => {
  const { clock, server, session } = await signedIn();
  const release = server.hold("/auth/refresh");
  await clock.advance(900_000);
  await session.login({ username: "bob" });
  release();
  await settle();
  assert.equal(session.state.user.username, "bob");
});

test("a renewal under way is abandoned at login, so that its cookie cannot land later", async () => {
  const { clock, server, session } = await signedIn();
  server.hold("/auth/refresh");
  await clock.advance(900_000);
  const renewal = server.calls.at(-1);
  await session.login({ username: "bob" });
  assert.equal(renewal.request.signal.aborted, true);
});

test("of two logins the later one counts, and the earlier one says that it was superseded", async () => {
  const { openTab } = makeWorld();
  const session = openTab();
  const earlier = session.login({ username: "alice" }).catch((error) => error.code);
  await session.login({ username: "bob" });
  assert.equal(await earlier, "superseded");
  assert.equal(session.state.user.username, "bob");
});

test("a restore that a login made pointless ends with what the login brought", async () => {
  const { server, openTab } = makeWorld();
  server.hold("/auth/refresh");
  const session = openTab();
  const restored = session.restore();
  await settle();
  session.login({ username: "bob" });
  assert.equal((await restored).user.username, "bob");
});

test("login waits for a logout under way even where there are no locks", async () => {
  const { server, session } = await signedIn({ locks: null });
  const release = server.hold("/auth/logout");
  const leaving = session.logout();
  const entering = session.login({ username: "bob" });
  await settle();
  assert.equal(server.count("/auth/login"), 0);
  release();
  await leaving;
  assert.equal((await entering).user.username, "bob");
});

test("confirming a password brings a fresh token of the same session", async () => {
  const { server, session } = await signedIn();
  const state = await session.confirm("correct horse");
  const { bearer, body } = server.calls.at(-1);
  assert.deepEqual([state.reason, body, Boolean(bearer)], ["confirmed", { password: "correct horse" }, true]);
  await session.fetch("/account");
  assert.equal(JSON.parse(Buffer.from(server.calls.at(-1).bearer.split(".")[1], "base64url")).fresh, true);
});

test("a wrong password at confirming rejects and ends nothing", async () => {
  const { server, session } = await signedIn();
  server.answers["/auth/confirm"] = () => refusal("invalid_credentials");
  await assert.rejects(session.confirm("wrong"), { code: "invalid_credentials" });
  assert.equal(session.state.signedIn, true);
});

test("a password confirmed too late for its session changes nothing", async () => {
  const { server, session } = await signedIn();
  const release = server.hold("/auth/confirm");
  const confirming = session.confirm("correct horse");
  await settle();
  await session.logout();
  release();
  await assert.rejects(confirming, { code: "superseded" });
  assert.equal(session.state.signedIn, false);
});

for (const code of [
  "refresh_token_invalid", "refresh_token_reused", "session_expired", "session_ended", "account_disabled",
  "device_mismatch",
]) {
  test(`${code} signs out and is given as the reason`, async () => {
    const { clock, server, session } = await signedIn();
    const reasons = reasonsOf(session);
    server.answers["/auth/refresh"] = () => refusal(code);
    await clock.advance(900_000);
    assert.deepEqual([session.state.signedIn, reasons], [false, [code]]);
  });
}

test("why a session was ended is told in the state, and to the other tabs", async () => {
  const { clock, server, session, openTab } = await signedIn();
  const other = openTab();
  await other.restore();
  server.answers["/auth/refresh"] = () => json(401, { code: "session_ended", reason: "password_changed" });
  await clock.advance(900_000);
  for (const { refusal } of [session.state, other.state])
    assert.deepEqual([refusal.code, refusal.reason], ["session_ended", "password_changed"]);
  await session.logout();
  assert.equal(session.state.refusal, undefined);
});

test("two cookies of one name sign out without a loop, and the session is back once there is one", async () => {
  const { clock, server, session } = await signedIn();
  server.answers["/auth/refresh"] = () => refusal("refresh_token_ambiguous");
  clock.sleepMachine(900_000);
  assert.equal((await session.fetch("/reports")).status, 401);
  await clock.advance(3_600_000);
  const { signedIn: known, reason, refusal: { code } } = session.state;
  assert.deepEqual([known, reason, code], [false, "refresh_token_ambiguous", "refresh_token_ambiguous"]);
  assert.equal(server.count("/auth/refresh"), 2);
  delete server.answers["/auth/refresh"];
  assert.equal((await session.restore()).signedIn, true);
});

test("once signed out by the server nothing is asked again", async () => {
  const { clock, server, session } = await signedIn();
  server.answers["/auth/refresh"] = () => refusal("session_ended");
  await clock.advance(840_000);
  assert.equal(clock.pending(), 0);
  const asked = server.count("/auth/refresh");
  assert.equal((await session.fetch("/reports")).status, 401);
  await clock.advance(3_600_000);
  assert.equal(server.count("/auth/refresh"), asked);
});

for (const [what, leave, expected] of [
  ["logout", (session) => session.logout(), undefined],
  ["a login", (session) => session.login({ username: "bob" }), "bob"],
]) {
  test(`at whatever moment ${what} comes, a renewal's answer does not undo it`, async () => {
    for (let turns = 0; turns < 30; turns++) {
      const { clock, server, session } = await signedIn();
      const answered = server.route;
      server.answers["/auth/refresh"] = async (call) => {
        const response = await answered(call);
        const read = response.json.bind(response);
        response.json = async () => {
          const grant = await read();
          let moment = Promise.resolve();
          for (let turn = 0; turn < turns; turn++) moment = moment.then(() => {});
          moment.then(() => leave(session));
          return grant;
        };
        return response;
      };
      await clock.advance(841_000);
      assert.equal(session.state.user?.username, expected, `after ${turns} turns`);
    }
  });
}

test("a login during the pause after failures ends the pause", async () => {
  const { clock, server, openTab } = makeWorld();
  server.answers["/auth/refresh"] = () => Promise.reject(new TypeError("offline"));
  const session = openTab();
  await session.restore();
  delete server.answers["/auth/refresh"];
  await session.login({ username: "alice" });
  clock.sleepMachine(900_000);
  assert.equal((await session.fetch("/reports")).status, 200);
});
