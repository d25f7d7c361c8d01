/**
 * A session of a Flask-Renewal server, as one page of a browser sees it.
 *
 * The access token lives in this page's memory, the refresh token in a cookie that no script can read. Only an answer
 * of the server says who is signed in; locks and messages between tabs save work and nothing else, because the server
 * tolerates the races they would prevent.
 *
 * What changes has one owner, which alone writes it: who is signed in and the token `state.js`, renewals and sign-ins
 * under way `renewal.js`, timer, listeners and pauses `schedule.js`, the channel `tabs.js`. Nothing else remembers
 * anything.
 *
 * @module flask-renewal
 * @typedef {import("./client/types.js").Options} Options @typedef {import("./client/types.js").Credentials} Credentials
 * @typedef {import("./client/types.js").SessionState} SessionState @typedef {import("./client/types.js").User} User
 * @typedef {import("./client/types.js").SessionRecord} SessionRecord
 * @typedef {import("./client/types.js").Refusal} Refusal @typedef {import("./client/types.js").ErrorCode} ErrorCode
 * @typedef {import("./client/types.js").Storage} Storage @typedef {import("./client/types.js").Announcing & Life} Session
 */

import { RenewalError } from "./client/calls.js";
import { makeRenewal } from "./client/renewal.js";
import { makeSend } from "./client/requests.js";
import { complete } from "./client/settings.js";
import { makeState } from "./client/state.js";
import { ignore } from "./client/tabs.js";

export { RenewalError };

/** @param {Options} [options] @returns {Session} */
export const createSession = (options) => /** @type {any} */ (new Life(options));

/** Dispatches "change", a CustomEvent whose `detail` is the new `state`. Made by `createSession`. */
class Life extends EventTarget {
  #state; #renewal;

  /** @param {Options} [options] */
  constructor(options = {}) {
    super();
    const settings = complete(options);
    /** The API's address, without a slash at its end; relative addresses start here. */
    this.baseUrl = settings.baseUrl;
    /** Where the JSON API is, below `baseUrl`. */
    this.prefix = settings.prefix;
    this.#state = makeState(settings, (detail) => {
      this.#renewal.changed();
      this.dispatchEvent(new CustomEvent("change", { detail }));
    });
    this.#renewal = makeRenewal(settings, this.#state);
    const { send, token } = makeSend(settings, this.#state, this.#renewal);
    /** `fetch` with the access token, towards the API's origin only. Bound, so it can be handed on by itself.
     * Rejects with a RenewalError where a new token is needed and the server cannot be asked for one, so that a 401
     * that is handed through always is the server's last word. */
    this.fetch = send;
    /** The access token, for what sends it by itself; renewed if need be, undefined where nobody is signed in.
     * Rejects as `fetch` does. Bound. What had a 401 shows the token that it had sent, and gets another one. */
    this.token = token;
  }

  /** @returns {SessionState} the same object until something changes */
  get state() {
    return this.#state.now();
  }

  /** Seconds that the access token has left; 0 without one. */
  get expiresIn() {
    return Math.max(0, this.#state.left() / 1000);
  }

  /** Ask the server who is signed in, unless that is known. Never rejects: while the server is out of reach,
   * `signedIn` stays as it was, null at first, with the reason, and it is asked again. */
  async restore() {
    if (!this.expiresIn) await this.#renewal.renew().catch(ignore);
    return this.state;
  }

  /** @param {Credentials} credentials @returns {Promise<SessionState>} */
  login(credentials) {
    return this.#renewal.signIn("login", credentials);
  }

  /** @param {Credentials} credentials @returns {Promise<SessionState>} */
  register(credentials) {
    return this.#renewal.signIn("register", credentials);
  }

  /** Forget at once, in every tab. Rejects if the server could not be told: then the cookie may still be good.
   * @param {{everywhere?: boolean}} [options] @returns {Promise<void>} */
  logout(options = {}) {
    return this.#renewal.logout(options);
  }

  /** Prove the password again, for routes that ask for a fresh token.
   * @param {string} password @returns {Promise<SessionState>} */
  confirm(password) {
    return this.#renewal.confirm(password, this.fetch);
  }

  /** End timers, listeners and the channel; the server is not told. */
  stop() {
    this.#renewal.stop();
    this.#state.stop();
  }
}
