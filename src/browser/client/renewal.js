/**
 * Renewal, signing in and out: one at a time, and never in a loop. Only an answer of the server ends a session;
 * everything else that fails is tried again later.
 */

import { makePost, posting, read } from "./calls.js";
import { makeSchedule } from "./schedule.js";
import { ignore, makeLock } from "./tabs.js";

/** @typedef {ReturnType<typeof makeRenewal>} Renewal */

const SIGNS_OUT = /^(refresh|session|account|device)_/;

/** A word that outlives the page, as far as the browser lets it. @param {string} name
 * @returns {(word?: string) => any} without a word it is read, with an empty one forgotten */
const makeNote = (name) => (word) => {
  try {
    if (word) localStorage[name] = word;
    else if (word === "") delete localStorage[name];
    return localStorage[name];
  } catch {} // a browser that keeps nothing
};

/** Owns what is under way.
 * @param {import("./types.js").Settings} settings @param {import("./state.js").State} state */
export function makeRenewal(settings, state) {
  const { prefix, name, deviceId, clock } = settings;
  const post = makePost(settings);
  const exclusively = makeLock(settings);
  const schedule = makeSchedule(settings, state, renew);
  const leaving = makeNote(name + " left");
  /** @type {Promise<void> | null | undefined} */ let renewing;
  /** @type {Promise<void> | undefined} */ let signingIn;

  /** One renewal for any number of callers; it also waits for the login that made it pointless. */
  function renew() {
    return (renewing ??= refresh().finally(() => {
      renewing = null;
      schedule.sleep();
    }));
  }

  async function refresh() {
    schedule.check();
    const options = leaving();
    if (options) return logout(JSON.parse(options)); // the server is told before it is asked
    const held = state.held();
    const era = state.era();
    await exclusively(async () => {
      if (held === state.held()) await exchange(era); // else another tab did it meanwhile
    });
    await signingIn;
  }

  /** @param {AbortSignal} era */
  async function exchange(era) {
    try {
      await obtain(era, state.held() ? "renewed" : "restored");
    } catch (error) {
      if (era.aborted) return;
      if (error.status === 401 && SIGNS_OUT.test(error.code)) return state.end(error.code, error.cause);
      schedule.backOff(error);
      state.wonder(error.code);
      throw error;
    }
  }

  /** The cookie may by now be of another session: a later login elsewhere, or an old session that a late answer brought
   * back, which must not take the place of the newer login.
   * @param {AbortSignal} era @param {string} reason @param {object} [credentials] without them the cookie is shown */
  async function obtain(era, reason, credentials) {
    const at = clock.wall();
    const grant = await post(credentials ? reason : "refresh", credentials, era);
    era.throwIfAborted();
    const before = state.held()?.session.created_at;
    if (!credentials && before && grant.session.created_at < before) state.end("session_replaced");
    else state.adopt(grant, at, reason);
    if (credentials) leaving("");
  }

  /** Login and registration. @param {string} reason @param {object} credentials */
  function signIn(reason, credentials) {
    state.begin();
    const era = state.era();
    const entering = exclusively(() => obtain(era, reason, { device_id: deviceId, ...credentials }));
    signingIn = entering.catch(ignore);
    return entering.then(state.now);
  }

  /** @param {{everywhere?: boolean}} options @returns {Promise<void>} */
  function logout(options) {
    const bearer = state.held()?.bearer;
    const unheard = () => leaving(JSON.stringify(options));
    if (!globalThis.navigator?.onLine) unheard(); // the page may be gone before the call has failed
    state.end("logout"); // first, so that a login under way is given up before the server is told
    // at once, for the page may be gone when the lock is free, too
    const told = post("logout", options, null, bearer).then(() => leaving(""), async (error) => {
      await new Promise((later) => setTimeout(later)); // the page may be gone by now, and the call goes on without it
      if (!state.held()) unheard(); // else a login has come, which ended the old session
      throw error;
    });
    told.catch(ignore);
    return exclusively(() => told);
  }

  /** @param {string} password @param {(input: string, init: RequestInit) => Promise<Response>} fetch with the token */
  async function confirm(password, fetch) {
    const era = state.era();
    const at = clock.wall();
    const grant = await read(await fetch(prefix + "/confirm", posting({ password })));
    era.throwIfAborted();
    state.adopt(grant, at, "confirmed", true);
    return state.now();
  }

  return { ...schedule, renew, signIn, logout, confirm };
}
