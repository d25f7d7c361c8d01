/** What the tests stand on: a clock moved by hand, a server of a few lines, locks and channels that tabs share. */

import { createSession } from "../../src/browser/client.js";
import "../../src/browser/client/diagnosis.js"; // else the first failure would wait for a file

export const API = "https://api.example.com";

/** Let everything that is ready run. */
export const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

export function makeClock() {
  let time = 0;
  let asleep = 0; // what the time of day is ahead of the monotonic clock
  const timers = new Map();
  let last = 0;
  const next = (until) => [...timers].filter(([, { due }]) => due <= until).sort((a, b) => a[1].due - b[1].due)[0];
  return {
    now: () => time,
    wall: () => 1_800_000_000_000 + time + asleep,
    setTimeout: (run, ms) => (timers.set(++last, { run, due: time + Math.trunc(ms) }), last), // as browsers do
    clearTimeout: (timer) => timers.delete(timer),
    sleepMachine: (ms) => (asleep += ms),
    pending: () => timers.size,
    async advance(ms) {
      const until = time + ms;
      await settle();
      for (let timer = next(until); timer; timer = next(until)) {
        timers.delete(timer[0]);
        time = Math.max(time, timer[1].due);
        timer[1].run();
        await settle();
      }
      time = until;
    },
  };
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

export const token = (claims) => `${encode({ alg: "none" })}.${encode(claims)}.`;

export const json = (status, body, headers) => Response.json(body, { status, headers });

export const refusal = (code, status = 401, headers = {}) => json(status, { code, status, title: code }, headers);

/** A server with one cookie jar in front of it. `answers` overrides a path once or for good. */
export function makeServer(clock, { expiresIn = 900 } = {}) {
  const server = {
    calls: [], answers: {}, cookie: null, logins: 0, revoked: new Set(), held: null, expiresIn,
    count: (path) => server.calls.filter((call) => call.path === path).length,
    grant(session = server.cookie, fresh = false) {
      const iat = Math.floor(clock.wall() / 1000);
      const serial = server.calls.length;
      const claims = { sid: session.id, sub: session.user, iat, exp: iat + server.expiresIn, fresh, serial };
      server.issued = token(claims);
      return {
        access_token: server.issued, token_type: "Bearer", expires_in: server.expiresIn,
        session: { id: session.id, created_at: session.created_at, current: true },
        user: { id: session.user, username: session.user },
      };
    },
    begin(user = "alice") {
      const created_at = `2027-01-01T00:00:${String(++server.logins).padStart(2, "0")}Z`;
      server.cookie = { id: `s${server.logins}`, user, created_at };
      return server.cookie;
    },
    /** Hold every answer of a path until the returned function is called. */
    hold(path) {
      let release;
      const held = new Promise((resolve) => (release = resolve));
      const answer = server.answers[path];
      server.answers[path] = async (call) => {
        const response = answer ? await answer(call) : await server.route(call);
        await held;
        return response;
      };
      return () => (delete server.answers[path], release());
    },
    async route({ path, body, bearer }) {
      if (path === "/auth/refresh") return server.cookie ? json(200, server.grant()) : refusal("refresh_token_missing");
      if (path === "/auth/login" || path === "/auth/register")
        return json(200, server.grant(server.begin(body.username), true));
      if (path === "/auth/logout") return (server.cookie = null), new Response(null, { status: 204 });
      if (path === "/auth/confirm") return json(200, server.grant(server.cookie, true));
      if (!bearer) return refusal("token_missing");
      const { exp } = JSON.parse(Buffer.from(bearer.split(".")[1], "base64url"));
      if (exp * 1000 <= clock.wall()) return refusal("token_expired");
      return server.revoked.has(bearer) ? refusal("session_ended") : json(200, { ok: true });
    },
    async fetch(input, init) {
      const request = new Request(input, init);
      const text = await request.text();
      const type = request.headers.get("Content-Type") ?? "";
      const body = type.includes("json") ? JSON.parse(text) : text;
      const bearer = request.headers.get("Authorization")?.slice(7);
      const { origin, pathname } = new URL(request.url);
      const { method, credentials } = request;
      const call = { origin, path: pathname, method, credentials, type, body, bearer, request };
      server.calls.push(call);
      request.signal.throwIfAborted();
      return (server.answers[pathname] ?? server.route)(call);
    },
  };
  return server;
}

/** Locks as a browser has them, one holder at a time. */
export function makeLocks() {
  let tail = Promise.resolve();
  const locks = { asked: 0, request: (_, task) => (locks.asked++, (tail = tail.catch(() => {}).then(task))) };
  return locks;
}

export const neverGranted = { request: () => new Promise(() => {}) };

/** Channels that hear each other, not themselves, a little later. */
export function makeHub() {
  const members = new Set();
  const open = () => {
    const channel = {
      onmessage: null,
      postMessage(data) {
        if (!members.has(channel)) throw new DOMException("the channel is closed", "InvalidStateError");
        open.posted++;
        const copy = structuredClone(data);
        for (const member of members) if (member !== channel) queueMicrotask(() => member.onmessage?.({ data: copy }));
      },
      close: () => members.delete(channel),
    };
    members.add(channel);
    return channel;
  };
  return Object.assign(open, { posted: 0 });
}

/** A page that can be hidden and seen again. */
export function putOnScreen(hidden = false) {
  const events = new EventTarget();
  globalThis.document = { hidden };
  globalThis.addEventListener = events.addEventListener.bind(events);
  return {
    show: () => ((globalThis.document.hidden = false), events.dispatchEvent(new Event("visibilitychange"))),
    online: () => events.dispatchEvent(new Event("online")),
  };
}

export function leaveScreen() {
  delete globalThis.document;
  delete globalThis.addEventListener;
}

/** A clock, a server, and a function that opens tabs of one browser. */
export function makeWorld({ expiresIn, ...shared } = {}) {
  const clock = makeClock();
  const server = makeServer(clock, { expiresIn });
  const locks = makeLocks();
  const open = makeHub();
  const openTab = (options) => {
    const given = { baseUrl: API, fetch: server.fetch, clock, locks, random: () => 1, ...shared, ...options };
    return createSession({ channel: open(), ...given });
  };
  return { clock, server, openTab, locks, hub: open };
}

/** The same with one tab that is signed in as alice. */
export async function signedIn(options) {
  const world = makeWorld(options);
  world.server.begin();
  const session = world.openTab();
  await session.restore();
  return { ...world, session };
}

/** Every "change" of a session, as it comes. */
export function reasonsOf(session) {
  const reasons = [];
  session.addEventListener("change", ({ detail }) => reasons.push(detail.reason));
  return reasons;
}
