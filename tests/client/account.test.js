/** What people do with their sessions and their password, and the adapters that are a store of the state. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { accountOf } from "../../src/browser/account.js";
import { storeOf } from "../../src/browser/svelte.js";
import { json, refusal, signedIn } from "./kit.js";

/** alice's account, and what the server was asked. */
async function account(answers) {
  const { server, session } = await signedIn();
  Object.assign(server.answers, answers);
  const asked = () => server.calls.slice(1).map(({ method, path, body }) => [method, path, body]);
  return { ...accountOf(session), asked, server, session };
}

test("the sessions are listed, one is ended, all others are", async () => {
  const one = [{ id: "a/b", device: "Laptop", current: true }];
  const { sessions, endSession, endOtherSessions, asked } = await account({
    "/auth/sessions": ({ method }) => json(200, method === "GET" ? { sessions: one } : { ended: 3 }),
    "/auth/sessions/a%2Fb": () => new Response(null, { status: 204 }),
  });
  assert.deepEqual(await sessions(), one);
  assert.equal(await endSession("a/b"), undefined);
  assert.equal(await endOtherSessions(), 3);
  const verbs = asked().map(([method, path]) => method + " " + path);
  assert.deepEqual(verbs, ["GET /auth/sessions", "DELETE /auth/sessions/a%2Fb", "DELETE /auth/sessions"]);
});

test("a password is changed, and a refusal has the server's code", async () => {
  const answers = [new Response(null, { status: 204 }), refusal("weak_password", 422)];
  const { changePassword, asked } = await account({ "/auth/password": () => answers.shift() });
  await changePassword("old one", "new one");
  assert.deepEqual(asked()[0], ["PUT", "/auth/password", { current_password: "old one", new_password: "new one" }]);
  await assert.rejects(changePassword("new one", "x"), { name: "RenewalError", code: "weak_password", status: 422 });
});

test("a session that ended elsewhere ends here with the call", async () => {
  const { sessions, server, session } = await account({});
  server.answers["/auth/refresh"] = server.answers["/auth/sessions"] = () => refusal("session_ended");
  await assert.rejects(sessions(), { code: "session_ended" });
  assert.equal(session.state.reason, "session_ended");
});

test("a store tells at once, at each change, and not after it was let go of", async () => {
  const { session } = await signedIn();
  const told = [];
  const stop = storeOf(session).subscribe(({ reason }) => told.push(reason));
  await session.confirm("correct horse");
  stop();
  await session.logout();
  assert.deepEqual(told, ["restored", "confirmed"]);
});
