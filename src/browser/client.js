/**
 * A session of a Flask-Renewal server, as one page of a browser sees it.
 *
 * The access token lives in this page's memory, the refresh token in a cookie that no script can read. Only an answer
 * of the server says who is signed in; locks and messages between tabs save work and nothing else, because the server
 * tolerates the races they would prevent.
 *
 * @module flask-renewal
 * @typedef {import("./client/types.js").Options} Options @typedef {import("./client/types.js").Credentials} Credentials
 * @typedef {import("./client/types.js").SessionState} SessionState @typedef {import("./client/types.js").User} User
 * @typedef {import("./client/types.js").SessionRecord} SessionRecord
 */

import { RenewalError, post, posting, read } from "./client/calls.js";
import { renew, signIn, sleep, watch } from "./client/renewal.js";
import { send } from "./client/requests.js";
import { adopt, begin, end } from "./client/state.js";
import { exclusively, hear, ignore, pageLocks } from "./client/tabs.js";
import { left } from "./client/token.js";

export { RenewalError };

/** @type {import("./client/types.js").Clock} */
const clock = { now: () => performance.now(), wall: Date.now, setTimeout, clearTimeout };

/** @param {Options} [options] @returns {Session} */
export const createSession = (options) => new Session(options);

/** Dispatches "change", a CustomEvent whose `detail` is the new `state`. Made by `createSession`. */
class Session extends EventTarget {
  /** @type {import("./client/types.js").Tab} */ #tab;

  /** @param {Options} [options] */
  constructor(options = {}) {
    super();
    const { baseUrl = location.origin, prefix = "/auth", locks = globalThis.navigator?.locks } = options;
    const { origin } = new URL(baseUrl);
    const name = origin + prefix;
    // outside a document (a server that renders) there are no tabs, and an open channel would keep the process alive
    const { channel = globalThis.document ? new BroadcastChannel(name) : null } = options;
    /** The API's address; relative addresses start here. */
    this.baseUrl = baseUrl;
    /** @type {import("./client/types.js").Tab} */
    const tab = (this.#tab = {
      header: "X-Renewed-Access-Token", timeout: 15_000, lockWait: 5_000, clock, random: Math.random,
      fetch: (/** @type {[any, any?]} */ ...request) => fetch(...request), ...options,
      baseUrl, prefix, origin, name, channel, locks: locks ?? pageLocks(),
      state: { signedIn: null, reason: "unknown" }, held: null,
      era: new AbortController(), stopping: new AbortController(), failures: 0, notBefore: 0,
      publish: (/** @type {SessionState} */ detail) => {
        sleep(tab);
        this.dispatchEvent(new CustomEvent("change", { detail }));
      },
    });
    if (channel) channel.onmessage = (/** @type {{data: any}} */ { data }) => hear(tab, data);
    watch(tab);
  }

  /** @returns {SessionState} the same object until something changes */
  get state() {
    return this.#tab.state;
  }

  /** Seconds that the access token has left; 0 without one. */
  get expiresIn() {
    return Math.max(0, left(this.#tab) / 1000);
  }

  /** Ask the server who is signed in, unless that is known. Never rejects: while the server is out of reach,
   * `signedIn` stays as it was, null at first, with the reason, and it is asked again. */
  async restore() {
    if (left(this.#tab) <= 0) await renew(this.#tab).catch(ignore);
    return this.state;
  }

  /** @param {Credentials} credentials @returns {Promise<SessionState>} */
  login(credentials) {
    return signIn(this.#tab, "login", credentials);
  }

  /** @param {Credentials} credentials @returns {Promise<SessionState>} */
  register(credentials) {
    return signIn(this.#tab, "register", credentials);
  }

  /** Forget at once, in every tab. Rejects if the server could not be told: then the cookie may still be good.
   * @param {{everywhere?: boolean}} [options] @returns {Promise<void>} */
  logout(options = {}) {
    const tab = this.#tab;
    const bearer = tab.held?.access_token;
    const tell = () => post(tab, "/logout", options, undefined, bearer);
    end(tab, "logout"); // first, so that a login under way is given up before the server is told
    const told = bearer ? tell() : null; // at once, not when the lock is free: the page may be gone by then
    told?.catch(ignore);
    return exclusively(tab, () => told ?? tell());
  }

  /** Prove the password again, for routes that ask for a fresh token.
   * @param {string} password @returns {Promise<SessionState>} */
  async confirm(password) {
    const { era: { signal }, clock, prefix } = this.#tab;
    const at = clock.wall();
    const grant = await read(await this.fetch(prefix + "/confirm", posting({ password })));
    signal.throwIfAborted();
    adopt(this.#tab, grant, at, "confirmed", true);
    return this.state;
  }

  /** `fetch` with the access token, towards the API's origin only. Bound, so it can be handed on by itself.
   * Rejects with a RenewalError where a new token is needed and the server cannot be asked for one, so that a 401 that
   * is handed through always is the server's last word.
   * @type {(input: RequestInfo | URL, init?: RequestInit) => Promise<Response>} */
  fetch = (input, init) => send(this.#tab, input, init);

  /** End timers, listeners and the channel; the server is not told. */
  stop() {
    const tab = this.#tab;
    tab.stopping.abort();
    begin(tab);
    sleep(tab);
    tab.channel?.close();
    tab.channel = null;
  }
}
