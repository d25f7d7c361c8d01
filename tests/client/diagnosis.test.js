/** Browsers say "Failed to fetch" whatever the reason: the client finds out whether the server is away or forbids. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { API, makeWorld, signedIn } from "./kit.js";

const PAGE = "https://app.example.com";
let warn;

beforeEach(() => {
  globalThis.location = { origin: PAGE };
  warn = mock.method(console, "warn", () => {});
});
afterEach(() => {
  delete globalThis.location;
  warn.mock.restore();
});

const KEYS = "/.well-known/jwks.json";
const CLIENT = "/auth/client.js";
const OPAQUE = { ok: false, type: "opaque" };

/** A fetch that fails but for the paths in `answers`, and for "no-cors" where that has an answer. */
const forbidding = (answers, asked = []) => async (url, { mode = "cors", credentials }) => {
  const { pathname } = new URL(url);
  asked.push([pathname, mode, credentials]);
  const answer = answers[mode === "no-cors" ? mode : pathname];
  if (!answer || credentials !== "omit") throw new TypeError("Failed to fetch");
  return answer;
};
const failing = (fetch, options) => makeWorld({ fetch }).openTab(options).login({}).catch((error) => error);

test("a server whose keys may be read and whose API may not does not trust the origin", async () => {
  const baseUrl = "https://one.example.com";
  const { code, cause } = await failing(forbidding({ [KEYS]: new Response("{}") }), { baseUrl });
  assert.deepEqual([code, cause.message], ["origin_not_trusted", "Failed to fetch"]);
  const [said] = warn.mock.calls[0].arguments;
  for (const part of [baseUrl, PAGE, "RENEWAL_TRUSTED_ORIGINS"]) assert.ok(said.includes(part), said);
});

test("where a proxy hides the keys any answer will do", async () => {
  const asked = [];
  const { code } = await failing(forbidding({ "no-cors": OPAQUE }, asked), { baseUrl: "https://two.example.com" });
  assert.equal(code, "origin_not_trusted");
  const expected = [[KEYS, "cors", "omit"], ["/auth/refresh", "no-cors", "omit"], [CLIENT, "cors", "omit"]];
  assert.deepEqual(asked.slice(1), expected);
});

test("a server that answers nothing is away, and nothing is said", async () => {
  assert.equal((await failing(forbidding({}))).code, "unreachable");
  assert.equal(warn.mock.callCount(), 0);
});

test("an error page in place of the keys is no answer of the server", async () => {
  assert.equal((await failing(forbidding({ [KEYS]: new Response("", { status: 502 }) }))).code, "unreachable");
});

test("an answer that was lost on its way to a trusted page says nothing of trust", async () => {
  const { code } = await failing(forbidding({ [KEYS]: new Response("{}"), [CLIENT]: new Response("") }));
  assert.deepEqual([code, warn.mock.callCount()], ["unreachable", 0]);
});

test("an API that was heard once is away when it fails, and is not asked why", async () => {
  const { server, session } = await signedIn();
  server.answers["/auth/logout"] = () => Promise.reject(new TypeError("Failed to fetch"));
  await assert.rejects(session.logout(), { code: "unreachable" });
  assert.equal(server.calls.length, 2);
});

test("it is said once, and restoring tells it as the reason", async () => {
  const session = makeWorld({ fetch: forbidding({ [KEYS]: new Response("{}") }) }).openTab();
  const { signedIn, reason } = await session.restore();
  await session.login({}).catch(() => {});
  assert.deepEqual([signedIn, reason, warn.mock.callCount()], [null, "origin_not_trusted", 1]);
});

for (const [where, origin] of [["the API's own page", API], ["where there is no page", undefined]]) {
  test(`on ${where} nothing is looked for`, async () => {
    globalThis.location = origin && { origin };
    const asked = [];
    assert.equal((await failing(forbidding({ [KEYS]: new Response("{}") }, asked))).code, "unreachable");
    assert.equal(asked.length, 1);
  });
}
