/** A browser with a few tabs, one cookie jar and a server, in which nothing happens until somebody lets it happen. */

import { createSession } from "../../../src/browser/client.js";
import "../../../src/browser/client/diagnosis.js"; // else the first failure would wait for a file
import { API, json, refusal, token } from "../../client/kit.js";

export const LIFE = 900; // seconds, of an access token

/** What is under way: `lose` is how it fails; of one `line` only the first can happen. */
export function makePending() {
  const events = [];
  return {
    add: (what, run, { lose, line } = {}) => events.push({ what, run, lose, line }),
    take: (event) => events.splice(events.indexOf(event), 1)[0],
    ready: () => events.filter(({ line }, at) => !line || events.findIndex((other) => other.line === line) === at),
  };
}

export function makeClock() {
  let time = 0;
  let asleep = 0;
  let last = 0;
  const timers = new Map();
  const first = () => [...timers].sort(([, a], [, b]) => a.due - b.due)[0];
  return {
    now: () => time,
    wall: () => 1_800_000_000_000 + time + asleep,
    setTimeout: (run, ms) => (timers.set(++last, { run, due: time + ms }), last),
    clearTimeout: (timer) => timers.delete(timer),
    sleepMachine: (ms) => (asleep += ms),
    isSetBefore: (horizon) => Boolean(first()?.[1].due <= horizon),
    ring() {
      const [timer, { run, due }] = first();
      timers.delete(timer);
      time = Math.max(time, due);
      run();
    },
  };
}

/** Sessions as the server knows them. What it says of the cookie takes effect when the answer arrives. */
export function makeServer(clock) {
  const sessions = new Map();
  const grant = (session, fresh) => {
    const iat = Math.floor(clock.wall() / 1000);
    const claims = { sid: session.id, sub: session.user, iat, exp: iat + LIFE, fresh };
    const { id, user, created_at } = session;
    const record = { id, created_at, current: true };
    const granted = { access_token: token(claims), token_type: "Bearer", expires_in: LIFE };
    return { response: json(200, { ...granted, session: record, user: { id: user, username: user } }), cookie: id };
  };
  const server = {
    sessions,
    begin(user, by) {
      const number = sessions.size + 1;
      const created_at = `2027-01-01T00:00:${String(number).padStart(2, "0")}Z`;
      const nth = [...sessions.values()].filter((other) => other.by === by).length + 1; // of its tab
      const session = { id: `s${number}`, number, user, created_at, by, nth };
      return sessions.set(session.id, session), session;
    },
    answer({ path, body, claims, cookie, by }) {
      const known = sessions.get(cookie);
      if (path === "/auth/login") {
        if (known) known.ended = true;
        return grant(server.begin(body.username, by), true);
      }
      if (path === "/auth/logout") {
        const session = known ?? sessions.get(claims?.sid);
        if (session) session.ended = true;
        return { response: new Response(null, { status: 204 }), cookie: null };
      }
      if (path === "/auth/refresh") {
        if (!known) return { response: refusal("refresh_token_missing") };
        return known.ended ? { response: refusal("session_ended"), cookie: null } : grant(known);
      }
      if (!claims) return { response: refusal("token_missing") };
      if (claims.exp * 1000 <= clock.wall()) return { response: refusal("token_expired") };
      return { response: sessions.get(claims.sid).ended ? refusal("session_ended") : json(200, {}) };
    },
  };
  return server;
}

const claimsIn = (bearer) => bearer && JSON.parse(Buffer.from(bearer.split(".")[1], "base64url"));

/** The browser's network: each request and each answer is under way until it is let arrive, or lost. */
export function makeNetwork({ pending, server, browser, observe }) {
  return (tab) => (input, init) =>
    new Promise((resolve, reject) => {
      const request = new Request(input, init);
      const path = new URL(request.url).pathname;
      const cookie = browser.jar;
      const text = request.text();
      const what = `${tab} ${path}`;
      const claims = claimsIn(request.headers.get("Authorization")?.slice(7));
      const call = { tab, path, claims, owner: request.headers.get("X-Owner") };
      const settled = observe.call(call);
      const end = (settle) => (value) => (settled(), settle(value));
      const fail = () => end(reject)(new TypeError("the network is gone"));
      let isAbandoned = false;
      request.signal.addEventListener("abort", () => {
        isAbandoned = !init.keepalive;
        end(reject)(request.signal.reason);
      });
      const hear = async () => {
        const body = JSON.parse((await text) || "{}");
        const { response, cookie: set } = server.answer({ path, body, claims, cookie, by: tab });
        const arrive = () => {
          if (isAbandoned) return;
          if (set !== undefined) browser.jar = set;
          end(resolve)(response);
        };
        pending.add(`${what} is answered ${response.status}`, arrive, { lose: fail });
      };
      pending.add(`the server hears ${what}`, hear, { lose: fail });
    });
}

/** The browser's locks: granted in turn when it is let happen, or refused. */
export function makeLocks({ pending }) {
  const waiting = [];
  let isTaken = false;
  const offer = () => {
    if (isTaken || !waiting.length) return;
    isTaken = true;
    const { task, resolve, reject } = waiting.shift();
    const free = () => ((isTaken = false), offer());
    const run = () => Promise.resolve(task()).then(resolve, reject).finally(free);
    const refuse = () => (free(), reject(new DOMException("no", "SecurityError")));
    pending.add("a lock is granted", run, { lose: refuse });
  };
  return { request: (_, task) => new Promise((resolve, reject) => (waiting.push({ task, resolve, reject }), offer())) };
}

/** Channels between tabs: what one says arrives at each other, late, in the order in which it was said. */
export function makeChannels({ pending }) {
  const open = new Map();
  return (tab) => {
    const channel = {
      postMessage(data) {
        for (const [name, other] of open)
          if (name !== tab) {
            const message = { data: structuredClone(data) };
            pending.add(`${name} hears from ${tab}`, () => other.onmessage?.(message), { line: `${tab}>${name}` });
          }
      },
      close: () => open.delete(tab),
    };
    return open.set(tab, channel), channel;
  };
}

export function makeTab({ clock, network, locks, channels }, name) {
  const given = { fetch: network(name), locks, channel: channels(name) };
  return createSession({ baseUrl: API, clock, random: () => 1, ...given });
}
