/** Requests: which token they carry, when they are sent once more, and what becomes of their bodies. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { API, json, makeWorld, refusal, settle, signedIn } from "./kit.js";

const form = new FormData();
form.append("title", "June");
const bytes = new TextEncoder().encode("title=June");

const BODIES = {
  "a string": "title=June",
  "a form": form,
  "a blob": new Blob(["title=June"]),
  "search parameters": new URLSearchParams({ title: "June" }),
  "an array buffer": bytes.buffer,
  "a typed array": bytes,
};

/** The access token dies on the server: the next request meets a 401. */
const revoke = ({ server }) => server.revoked.add(server.calls.findLast(({ bearer }) => bearer).bearer);

async function revoked(options) {
  const world = await signedIn(options);
  await world.session.fetch("/first");
  revoke(world);
  await world.clock.advance(1000);
  return world;
}

test("a request carries the access token, relative to the API", async () => {
  const { server, session } = await signedIn();
  await session.fetch("/reports");
  const { origin, path, bearer } = server.calls.at(-1);
  assert.deepEqual([origin, path, Boolean(bearer)], [API, "/reports", true]);
});

test("a request before the first restore brings the session back by itself", async () => {
  const { server, openTab } = makeWorld();
  server.begin();
  assert.equal((await openTab().fetch("/reports")).status, 200);
  assert.equal(server.count("/reports"), 1);
});

test("the token goes to no other origin", async () => {
  const { server, session } = await signedIn();
  await session.fetch("https://elsewhere.example.com/reports");
  await session.fetch("//api.example.com:8443/reports");
  assert.deepEqual(server.calls.slice(-2).map(({ bearer }) => bearer), [undefined, undefined]);
});

test("an Authorization header of the caller's own is left alone", async () => {
  const { server, session } = await signedIn();
  server.answers["/reports"] = () => refusal("token_invalid");
  const response = await session.fetch("/reports", { headers: { Authorization: "Bearer own" } });
  assert.deepEqual([response.status, server.calls.at(-1).bearer, server.count("/reports")], [401, "own", 1]);
});

for (const [what, tokenScheme, before] of [["with a word before it", "Token", "Token "], ["alone", "", ""]]) {
  test(`the token may go in a header of another name, ${what}`, async () => {
    const { server, session } = await signedIn({ tokenHeader: "X-Access-Token", tokenScheme });
    const sent = () => server.calls.at(-1).request.headers;
    await session.fetch("/reports");
    const written = sent().get("X-Access-Token");
    assert.deepEqual([written, sent().get("Authorization")], [before + server.issued, null]);
    await session.fetch("/reports", { headers: { "X-Access-Token": "own" } });
    assert.equal(sent().get("X-Access-Token"), "own");
    await session.logout();
    assert.equal(sent().get("X-Access-Token"), written);
  });
}

for (const [kind, body] of Object.entries(BODIES)) {
  test(`a refused request is sent once more with its body: ${kind}`, async () => {
    const { server, session } = await revoked();
    assert.equal((await session.fetch("/reports", { method: "POST", body })).status, 200);
    const [first, second] = server.calls.filter(({ path }) => path === "/reports");
    assert.ok(second.body.includes("June"));
    assert.deepEqual([second.body, second.type, second.method], [first.body, first.type, "POST"]);
  });
}

test("a refused Request object is sent once more with its body", async () => {
  const { server, session } = await revoked();
  const headers = { "X-Trace": "7" };
  await session.fetch(new Request(API + "/reports", { method: "PUT", body: "title=June", headers }));
  const { body, method, request } = server.calls.at(-1);
  assert.deepEqual([body, method, request.headers.get("X-Trace")], ["title=June", "PUT", "7"]);
});

for (const code of ["token_missing", "token_expired", "token_invalid", "session_ended"]) {
  test(`a 401 ${code} is renewed for and sent once more`, async () => {
    const { server, session } = await signedIn();
    let refused = false;
    server.answers["/reports"] = () => (refused ? json(200, {}) : ((refused = true), refusal(code)));
    assert.equal((await session.fetch("/reports")).status, 200);
    assert.equal(server.count("/auth/refresh"), 2);
  });
}

test("ten requests that meet a 401 are renewed for once and all sent once more", async () => {
  const { locks, server, session } = await revoked();
  const post = (body) => session.fetch("/reports", { method: "POST", body });
  const answers = await Promise.all([..."0123456789"].map((body) => post(body)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.deepEqual([server.count("/auth/refresh"), locks.asked, server.count("/reports")], [2, 2, 20]);
  assert.deepEqual(server.calls.slice(-10).map(({ body }) => body).sort(), [..."0123456789"]);
});

test("a 401 that comes after another request's renewal needs no second one", async () => {
  const { server, session } = await revoked();
  const release = server.hold("/slow");
  const slow = session.fetch("/slow");
  await session.fetch("/reports");
  release();
  assert.equal((await slow).status, 200);
  assert.equal(server.count("/auth/refresh"), 2);
});

for (const [what, answer] of Object.entries({
  "with a code of its own": () => refusal("invalid_credentials"),
  "that asks for a fresh token": () => refusal("fresh_token_required"),
  "without JSON": () => new Response("no", { status: 401 }),
})) {
  test(`a 401 ${what} is handed through`, async () => {
    const { server, session } = await signedIn();
    server.answers["/reports"] = answer;
    const response = await session.fetch("/reports");
    assert.deepEqual([response.status, response.bodyUsed], [401, false]);
    assert.deepEqual([server.count("/reports"), server.count("/auth/refresh")], [1, 1]);
  });
}

test("a route that refuses even the new token is asked twice and no more, and renewal cools down", async () => {
  const { clock, server, session } = await signedIn();
  server.answers["/reports"] = () => refusal("token_invalid");
  assert.equal((await session.fetch("/reports")).status, 401);
  for (let i = 0; i < 20; i++) await assert.rejects(session.fetch("/reports"), { code: "token_refused" });
  assert.deepEqual([server.count("/reports"), server.count("/auth/refresh")], [22, 2]);
  await clock.advance(60_000);
  await session.fetch("/reports");
  assert.equal(server.count("/auth/refresh"), 3);
});

test("a one-shot stream is renewed for before it is sent", async () => {
  const { clock, server, session } = await signedIn();
  await clock.advance(0);
  clock.sleepMachine(900_000);
  const body = new Blob(["title=June"]).stream();
  assert.equal((await session.fetch("/reports", { method: "POST", body, duplex: "half" })).status, 200);
  assert.deepEqual(server.calls.slice(-2).map(({ path }) => path), ["/auth/refresh", "/reports"]);
  assert.equal(server.calls.at(-1).body, "title=June");
});

test("a one-shot stream is not sent with a dead token when renewal fails", async () => {
  const { clock, server, session } = await signedIn();
  clock.sleepMachine(900_000);
  server.answers["/auth/refresh"] = () => refusal("store_unavailable", 503);
  const body = new Blob(["title=June"]).stream();
  const sending = session.fetch("/reports", { method: "POST", body, duplex: "half" });
  await assert.rejects(sending, { code: "store_unavailable" });
  assert.equal(server.count("/reports"), 0);
});

test("a one-shot stream that met a 401 is never sent once more without its body", async () => {
  const { server, session } = await revoked();
  const body = new Blob(["title=June"]).stream();
  assert.equal((await session.fetch("/reports", { method: "POST", body, duplex: "half" })).status, 401);
  assert.equal(server.count("/reports"), 1);
  assert.equal((await session.fetch("/next")).status, 200);
});

test("a one-shot stream is handed on as it is, not kept in memory for a second time", async () => {
  let cancelled = false;
  const body = new ReadableStream({ cancel: () => void (cancelled = true) });
  const { server, openTab } = makeWorld();
  server.begin();
  const fetch = async (input, init) => {
    if (init) return server.fetch(input, init);
    await input.body.cancel();
    return new Response(null, { status: 413 });
  };
  await openTab({ fetch }).fetch("/reports", { method: "POST", body, duplex: "half" });
  assert.equal(cancelled, true);
});

test("a request is not sent once more in the name of another user", async () => {
  const { server, session } = await revoked();
  const release = server.hold("/reports");
  const posting = session.fetch("/reports", { method: "POST", body: "alice's" });
  await settle();
  await session.login({ username: "bob" });
  release();
  assert.equal((await posting).status, 401);
  assert.equal(server.count("/reports"), 1);
});

test("an abort ends its own request and not the renewal that others wait for", async () => {
  const { server, session } = await revoked();
  const release = server.hold("/auth/refresh");
  const impatient = new AbortController();
  const aborted = session.fetch("/reports", { signal: impatient.signal });
  const patient = session.fetch("/reports");
  await settle();
  impatient.abort();
  await assert.rejects(aborted, { name: "AbortError" });
  release();
  assert.equal((await patient).status, 200);
});

test("a request aborted before it began is not sent", async () => {
  const { clock, server, session } = await signedIn();
  clock.sleepMachine(900_000);
  await assert.rejects(session.fetch("/reports", { signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(server.count("/reports"), 0);
});

test("a 401 is never invented or handed through because the server is out of reach", async () => {
  const { server, session } = await revoked();
  server.answers["/auth/refresh"] = () => Promise.reject(new TypeError("offline"));
  await assert.rejects(session.fetch("/reports"), { code: "unreachable" });
  assert.equal(session.state.signedIn, true);
});

test("the token by itself is renewed when it has to be", async () => {
  const { clock, server, session } = await signedIn();
  const first = await session.token();
  assert.equal(server.count("/auth/refresh"), 1);
  clock.sleepMachine(900_000);
  const second = await session.token();
  assert.deepEqual([first === second, second], [false, server.issued]);
});

test("whoever shows a refused token gets another one, all by one renewal", async () => {
  const { clock, server, session } = await signedIn();
  const refused = await session.token();
  await clock.advance(1000);
  const tokens = await Promise.all(Array.from({ length: 10 }, () => session.token(refused)));
  assert.deepEqual([new Set(tokens), server.count("/auth/refresh")], [new Set([server.issued]), 2]);
  assert.equal(await session.token(refused), server.issued);
  assert.equal(server.count("/auth/refresh"), 2);
});

test("there is no token where nobody is signed in, and an error where that is not known", async () => {
  const { server, openTab } = makeWorld();
  assert.equal(await openTab().token(), undefined);
  server.answers["/auth/refresh"] = () => Promise.reject(new TypeError("offline"));
  await assert.rejects(openTab().token(), { code: "unreachable" });
});
