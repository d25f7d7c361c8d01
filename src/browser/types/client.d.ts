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
export type Options = import("./client/types.js").Options;
export type Credentials = import("./client/types.js").Credentials;
export type SessionState = import("./client/types.js").SessionState;
export type User = import("./client/types.js").User;
export type SessionRecord = import("./client/types.js").SessionRecord;
export type Refusal = import("./client/types.js").Refusal;
export type ErrorCode = import("./client/types.js").ErrorCode;
export type Storage = import("./client/types.js").Storage;
export type Session = import("./client/types.js").Announcing & Life;
import { RenewalError } from "./client/calls.js";
export { RenewalError };
/** @param {Options} [options] @returns {Session} */
export declare const createSession: (options?: Options) => Session;
/** Dispatches "change", a CustomEvent whose `detail` is the new `state`. Made by `createSession`. */
declare class Life extends EventTarget {
    #private;
    /** The API's address, without a slash at its end; relative addresses start here. */
    baseUrl: string;
    /** Where the JSON API is, below `baseUrl`. */
    prefix: string;
    /** `fetch` with the access token, towards the API's origin only. Bound, so it can be handed on by itself.
     * Rejects with a RenewalError where a new token is needed and the server cannot be asked for one, so that a 401
     * that is handed through always is the server's last word. */
    fetch: (input: RequestInfo | URL, init?: RequestInit, by?: typeof globalThis.fetch) => Promise<Response>;
    /** The access token, for what sends it by itself; renewed if need be, undefined where nobody is signed in.
     * Rejects as `fetch` does. Bound. What had a 401 shows the token that it had sent, and gets another one. */
    token: (refused?: string) => Promise<string | undefined>;
    /** @param {Options} [options] */
    constructor(options?: Options);
    /** @returns {SessionState} the same object until something changes */
    get state(): SessionState;
    /** Seconds that the access token has left; 0 without one. */
    get expiresIn(): number;
    /** Ask the server who is signed in, unless that is known. Never rejects: while the server is out of reach,
     * `signedIn` stays as it was, null at first, with the reason, and it is asked again. */
    restore(): Promise<import("./client/types.js").SessionState>;
    /** @param {Credentials} credentials @returns {Promise<SessionState>} */
    login(credentials: Credentials): Promise<SessionState>;
    /** @param {Credentials} credentials @returns {Promise<SessionState>} */
    register(credentials: Credentials): Promise<SessionState>;
    /** Forget at once, in every tab. Rejects if the server could not be told: then the cookie may still be good.
     * @param {{everywhere?: boolean}} [options] @returns {Promise<void>} */
    logout(options?: {
        everywhere?: boolean;
    }): Promise<void>;
    /** Prove the password again, for routes that ask for a fresh token.
     * @param {string} password @returns {Promise<SessionState>} */
    confirm(password: string): Promise<SessionState>;
    /** End timers, listeners and the channel; the server is not told. */
    stop(): void;
}
