/** Tokens that come in the renewal header: the newer one of the same session is used, every other is dropped. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { json, settle, signedIn, token } from "./kit.js";

test("the renewal header's token is used from then on", async () => {
  const { clock, server, session } = await signedIn();
  await clock.advance(700_000);
  const renewed = server.grant().access_token;
  server.answers["/reports"] = () => json(200, {}, { "X-Renewed-Access-Token": renewed });
  await session.fetch("/reports");
  await session.fetch("/next");
  assert.deepEqual([server.calls.at(-1).bearer, session.state.reason, session.expiresIn], [renewed, "renewed", 900]);
});

test("the header may have another name", async () => {
  const { clock, server, session } = await signedIn({ header: "X-Mine" });
  await clock.advance(700_000);
  server.answers["/reports"] = () => json(200, {}, { "X-Mine": server.grant().access_token });
  await session.fetch("/reports");
  assert.equal(session.expiresIn, 900);
});

for (const [what, claims] of Object.entries({
  "of another session": { sid: "s9", iat: 1_800_000_700, exp: 1_800_001_600 },
  "issued before the one held": { sid: "s1", iat: 1_799_999_999, exp: 1_800_001_600 },
  "ending before the one held": { sid: "s1", iat: 1_800_000_700, exp: 1_800_000_899 },
})) {
  test(`a token in the header ${what} is dropped`, async () => {
    const { server, session } = await signedIn();
    server.answers["/reports"] = () => json(200, {}, { "X-Renewed-Access-Token": token(claims) });
    const before = session.state;
    await session.fetch("/reports");
    assert.equal(session.state, before);
  });
}

test("an unreadable token in the header is dropped", async () => {
  const { server, session } = await signedIn();
  server.answers["/reports"] = () => json(200, {}, { "X-Renewed-Access-Token": "opaque" });
  const before = session.state;
  await session.fetch("/reports");
  assert.equal(session.state, before);
});

test("a header that comes after logout does not bring the session back", async () => {
  const { clock, server, session } = await signedIn();
  await clock.advance(700_000);
  const renewed = server.grant().access_token;
  server.answers["/reports"] = () => json(200, {}, { "X-Renewed-Access-Token": renewed });
  const release = server.hold("/reports");
  const late = session.fetch("/reports");
  await settle();
  await session.logout();
  release();
  await late;
  assert.equal(session.state.signedIn, false);
});
