/** Over real connections: a redirect takes the token to no other origin, and what that says is not the API's word. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { createSession } from "../../src/browser/client.js";
import { token } from "./kit.js";

const claims = { sid: "s1", iat: 1, exp: 901 };
const grant = {
  access_token: token(claims), expires_in: 900, user: { id: "1", username: "alice" },
  session: { id: "s1", created_at: "2027-01-01T00:00:00Z" },
};
const servers = [];

async function serve(answer) {
  const server = createServer((request, response) => {
    server.seen.push([request.url, request.headers.authorization]);
    answer(request, response);
  });
  server.seen = [];
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  server.origin = `http://127.0.0.1:${server.address().port}`;
  return server;
}

let api;
let elsewhere;
let session;

before(async () => {
  elsewhere = await serve((_, response) => {
    const renewed = token({ sid: "s1", iat: 2, exp: 9000 });
    const headers = { "Content-Type": "application/problem+json", "X-Renewed-Access-Token": renewed };
    response.writeHead(401, headers).end('{"code": "token_expired"}');
  });
  api = await serve(({ url }, response) => {
    if (url.endsWith("/auth/refresh")) return response.end(JSON.stringify(grant));
    if (url === "/away") return response.writeHead(302, { Location: elsewhere.origin + "/landing" }).end();
    if (url === "/moved") return response.writeHead(307, { Location: "/here" }).end();
    response.end("{}");
  });
  session = createSession({ baseUrl: api.origin });
  await session.restore();
});

after(() => {
  session.stop();
  for (const server of servers) server.close().closeAllConnections();
});

test("a redirect to another origin does not take the token along", async () => {
  await session.fetch("/away");
  assert.deepEqual(elsewhere.seen.at(-1), ["/landing", undefined]);
});

test("a 401 of another origin starts no renewal, and its header is not believed", async () => {
  const { seen } = api;
  const before = session.state;
  const response = await session.fetch("/away");
  assert.deepEqual([response.status, session.state], [401, before]);
  assert.equal(seen.filter(([url]) => url === "/auth/refresh").length, 1);
});

test("a redirect within the API keeps the token", async () => {
  await session.fetch("/moved", { method: "POST", body: "title=June" });
  assert.deepEqual(api.seen.at(-1), ["/here", "Bearer " + grant.access_token]);
});

test("without an address the API is the page's own origin", () => {
  globalThis.location = { origin: api.origin };
  const { baseUrl } = createSession();
  delete globalThis.location;
  assert.equal(baseUrl, api.origin);
});

test("the client replaces no global", async () => {
  const names = ["fetch", "Request", "Response", "XMLHttpRequest"];
  const found = names.map((name) => globalThis[name]);
  createSession({ baseUrl: api.origin }).stop();
  assert.deepEqual(names.map((name) => globalThis[name]), found);
});

test("what is below the API's path is the API's, and nothing beside it", async () => {
  const below = createSession({ baseUrl: api.origin + "/app/" });
  api.seen.length = 0;
  for (const address of ["/here", "there", api.origin + "/app/and", api.origin + "/apple", "//" + new URL(api.origin).host])
    await below.fetch(address);
  below.stop();
  const bearer = "Bearer " + grant.access_token;
  assert.deepEqual(api.seen, [
    ["/app/auth/refresh", undefined], ["/app/here", bearer], ["/app/there", bearer], ["/app/and", bearer],
    ["/apple", undefined], ["/", undefined],
  ]);
});

test("a page that is rendered on a server starts, asks nobody and is undecided", async () => {
  const session = createSession();
  const { signedIn, reason } = await session.restore();
  assert.deepEqual([signedIn, reason], [null, "unreachable"]);
  session.stop();
});
