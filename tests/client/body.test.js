/** Without a cookie jar: the refresh token travels in the body, and the caller's storage keeps it for every process. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { API, json, makeWorld, refusal, settle } from "./kit.js";
import { makeWx } from "./wx.js";

const KEPT = "https.api.example.com.auth.refresh";

/** A storage that answers a little later, as those of telephones do. */
function makeStorage(kept = {}) {
  const later = (run) => async (...given) => (await null, run(...given));
  return {
    kept,
    get: later((key) => kept[key]),
    set: later((key, value) => void (kept[key] = value)),
    remove: later((key) => void delete kept[key]),
  };
}

/** A server of the body transport: it rotates, and ends a session whose old token comes back. */
function makeBodyWorld(options) {
  const world = makeWorld({ transport: "body", storage: makeStorage(), ...options });
  const { server } = world;
  const grant = (fresh) => json(200, { ...server.grant(server.cookie, fresh), refresh_token: server.token });
  const enter = ({ body }) => (server.begin(body.username), (server.token = `${server.cookie.id}-1`), grant(true));
  server.answers["/auth/login"] = enter;
  server.answers["/auth/logout"] = ({ body }) => {
    if (body.refresh_token === server.token) server.cookie = server.token = null;
    return new Response(null, { status: 204 });
  };
  server.answers["/auth/refresh"] = ({ body }) => {
    if (!body.refresh_token) return refusal("refresh_token_missing");
    if (body.refresh_token !== server.token) return refusal("refresh_token_invalid");
    const [id, serial] = server.token.split("-");
    server.token = `${id}-${Number(serial) + 1}`;
    return grant();
  };
  return world;
}

const paths = (server) => server.calls.map(({ path }) => path.slice(6));

test("the refresh token is kept, goes along in the body, and no cookie is asked for", async () => {
  const { server, openTab } = makeBodyWorld();
  const session = openTab();
  await session.login({ username: "alice", password: "correct horse" });
  const [{ request, credentials, body }] = server.calls;
  assert.deepEqual([request.headers.get("X-Refresh-Transport"), credentials], ["body", "omit"]);
  assert.deepEqual(body, { username: "alice", password: "correct horse" });
});

test("a process that starts anew goes on with what is kept, and keeps the new one before it has the answer", async () => {
  const storage = makeStorage();
  const { server, openTab } = makeBodyWorld({ storage });
  await openTab().login({ username: "alice" });
  const state = await openTab({ channel: null }).restore();
  assert.deepEqual([state.reason, state.user.username], ["restored", "alice"]);
  assert.deepEqual(storage.kept, { [KEPT]: server.token });
});

test("many callers share one refresh", async () => {
  const { clock, server, openTab } = makeBodyWorld();
  const session = openTab();
  await session.login({ username: "alice" });
  clock.sleepMachine(900_000);
  const answers = await Promise.all(Array.from({ length: 10 }, () => session.fetch("/reports")));
  assert.deepEqual([new Set(answers.map(({ status }) => status)), server.count("/auth/refresh")], [new Set([200]), 1]);
});

test("in a quiet answer the token is the one that was sent, and nothing is kept anew", async () => {
  const storage = makeStorage();
  const { server, openTab } = makeBodyWorld({ storage });
  await openTab().login({ username: "alice" });
  server.answers["/auth/refresh"] = ({ body }) => json(200, { ...server.grant(), refresh_token: body.refresh_token });
  storage.set = () => assert.fail("another process may have kept a newer one just now");
  assert.equal((await openTab({ channel: null }).restore()).signedIn, true);
});

test("a renewal takes no place of what another process has kept meanwhile", async () => {
  const storage = makeStorage();
  const { server, openTab } = makeBodyWorld({ storage });
  await openTab().login({ username: "alice" });
  server.answers["/auth/refresh"] = () => {
    storage.kept[KEPT] = "of a later login";
    return json(200, { ...server.grant(), refresh_token: "s1-2" });
  };
  assert.equal((await openTab({ channel: null }).restore()).signedIn, true);
  assert.equal(storage.kept[KEPT], "of a later login");
});

test("a token that another process has replaced meanwhile is no reason to sign out", async () => {
  const storage = makeStorage();
  const { server, openTab } = makeBodyWorld({ storage });
  await openTab().login({ username: "alice" });
  const answer = server.answers["/auth/refresh"];
  server.answers["/auth/refresh"] = (call) => {
    server.answers["/auth/refresh"] = answer;
    storage.kept[KEPT] = server.token = "s1-7";
    return refusal("refresh_token_invalid");
  };
  assert.equal((await openTab({ channel: null }).restore()).signedIn, true);
  assert.equal(storage.kept[KEPT], "s1-8");
});

test("a final refusal removes what was kept; another device's is still good there", async () => {
  for (const [code, left] of [["session_ended", undefined], ["device_mismatch", "s1-1"]]) {
    const storage = makeStorage();
    const { server, openTab } = makeBodyWorld({ storage });
    await openTab().login({ username: "alice" });
    server.answers["/auth/refresh"] = () => refusal(code);
    assert.equal((await openTab({ channel: null }).restore()).reason, code);
    assert.equal(storage.kept[KEPT], left);
  }
});

test("signing out removes what was kept, and what the server did not hear it is told before anything else", async () => {
  const storage = makeStorage();
  const { server, openTab } = makeBodyWorld({ storage });
  const session = openTab();
  await session.login({ username: "alice" });
  const answer = server.answers["/auth/logout"];
  server.answers["/auth/logout"] = () => Promise.reject(new TypeError("offline"));
  await assert.rejects(session.logout(), { code: "unreachable" });
  assert.equal(storage.kept[KEPT], undefined);
  server.answers["/auth/logout"] = answer;
  server.calls.length = 0;
  assert.equal((await openTab({ channel: null }).restore()).signedIn, false);
  assert.deepEqual([paths(server), server.token, storage.kept], [["logout", "refresh"], null, {}]);
});

test("a sign-in tells the server of the session that it replaces", async () => {
  const storage = makeStorage();
  const { server, openTab } = makeBodyWorld({ storage });
  await openTab().login({ username: "alice" });
  await openTab({ channel: null }).login({ username: "bob" });
  await settle();
  const { path, body } = server.calls.at(-1);
  assert.deepEqual([path, body.refresh_token, storage.kept], ["/auth/logout", "s1-1", { [KEPT]: "s2-1" }]);
});

test("a mini program's own request does for fetch", async () => {
  const { server, openTab } = makeBodyWorld();
  const { wxFetch, asked } = makeWx(server.fetch);
  const session = openTab({ fetch: wxFetch });
  await session.login({ username: "alice", password: "correct horse" });
  const response = await session.fetch(API + "/reports", { method: "POST", body: "June" });
  assert.deepEqual([response.status, await response.json()], [200, { ok: true }]);
  assert.equal(server.calls.at(-1).body, "June");
  assert.deepEqual(asked.map(({ method }) => method), ["POST", "POST"]);
});

test("a mini program that is offline stays signed in", async () => {
  const { openTab } = makeBodyWorld();
  const { wxFetch } = makeWx(async () => Promise.reject(new TypeError("request:fail")));
  const session = openTab();
  await session.login({ username: "alice" });
  const offline = openTab({ fetch: wxFetch, channel: null });
  assert.equal((await offline.restore()).reason, "unreachable");
  assert.equal(session.state.signedIn, true);
});
