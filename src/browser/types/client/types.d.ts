/**
 * The shapes that the files of the client share; nothing of this runs.
 *
 * @typedef {{id: string, username: string}} User
 * @typedef {{id: string, device: string | null, user_agent: string | null, created_at: string, last_used_at: string,
 *   idle_expires_at: string, expires_at: string | null, current: boolean}} SessionRecord
 * @typedef {Readonly<{signedIn: boolean | null, user?: User, session?: SessionRecord, reason: string}>}
 *   SessionState `signedIn` is null as long as the server has not been heard. `reason` is "unknown", "login",
 *   "register", "restored", "renewed", "confirmed" or "logout", else the code of a refusal.
 * @typedef {{access_token: string, expires_in: number, user: User, session: SessionRecord}} Grant
 *   a token response
 * @typedef {{sid: string, iat: number, exp: number, fresh: boolean}} Claims as the token has them, which may be none
 * @typedef {Grant & {claims: Claims, life: number, margin: number, at: number, since: number}} Held
 *   `life` and `margin` in ms; `at` and `since` say when it was asked for, by the time of day and the monotonic clock
 * @typedef {{username: string, password: string, device?: string, device_id?: string, remember?: boolean}} Credentials
 *
 * @typedef {object} Clock its timers are called without an object before them: a browser refuses any but its own
 * @property {() => number} now monotonic, in milliseconds
 * @property {() => number} wall the time of day, in milliseconds
 * @property {(run: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 *
 * @typedef {{request(name: string, task: () => Promise<unknown>): Promise<unknown>}} Locks
 * @typedef {{postMessage(message: any): void, onmessage: ((event: any) => void) | null, close(): void}} Channel
 *
 * @typedef {object} Options
 * @property {string} [baseUrl] the API's origin; without it, the page's own
 * @property {string} [prefix] where the server mounts its JSON API: its RENEWAL_URL_PREFIX
 * @property {string} [header] the server's RENEWAL_HEADER_NAME
 * @property {string} [deviceId] sent at login and with each refresh: the session is renewed together with it only
 * @property {number} [timeout] how long a call to the JSON API may take, in milliseconds
 * @property {number} [lockWait] how long to wait for another tab before going on without it, in milliseconds
 * @property {typeof globalThis.fetch} [fetch]
 * @property {Locks | null} [locks] null: none
 * @property {Channel | null} [channel] null: none
 * @property {Clock} [clock]
 * @property {() => number} [random]
 *
 * @typedef {object} Own what this page knows
 * @property {SessionState} state
 * @property {Held | null} held
 * @property {AbortController} era login, logout and a change of session begin a new one; what began before is dropped
 * @property {(state: SessionState) => void} publish
 * @property {string} [ended] the session that was last signed out of: no message brings it back
 * @property {Promise<void> | null} [renewal]
 * @property {Promise<void>} [signingIn]
 * @property {number} failures in a row
 * @property {number} notBefore when renewal may be asked for again, by the monotonic clock
 * @property {import("./calls.js").RenewalError} [failure] what callers are told until then
 * @property {any} [timer]
 * @property {AbortController} stopping
 * @property {string} origin the only one the access token is sent to
 * @property {string} name of lock and channel
 *
 * @typedef {Required<Omit<Options, "locks" | "deviceId">> & Pick<Options, "deviceId"> & {locks: Locks} & Own} Tab
 *   the options and what became of them
 */
export type User = {
    id: string;
    username: string;
};
export type SessionRecord = {
    id: string;
    device: string | null;
    user_agent: string | null;
    created_at: string;
    last_used_at: string;
    idle_expires_at: string;
    expires_at: string | null;
    current: boolean;
};
export type SessionState = Readonly<{
    signedIn: boolean | null;
    user?: User;
    session?: SessionRecord;
    reason: string;
}>;
export type Grant = {
    access_token: string;
    expires_in: number;
    user: User;
    session: SessionRecord;
};
export type Claims = {
    sid: string;
    iat: number;
    exp: number;
    fresh: boolean;
};
export type Held = Grant & {
    claims: Claims;
    life: number;
    margin: number;
    at: number;
    since: number;
};
export type Credentials = {
    username: string;
    password: string;
    device?: string;
    device_id?: string;
    remember?: boolean;
};
export type Clock = {
    /**
     * monotonic, in milliseconds
     */
    now: () => number;
    /**
     * the time of day, in milliseconds
     */
    wall: () => number;
    setTimeout: (run: () => void, ms: number) => any;
    clearTimeout: (timer: any) => void;
};
export type Locks = {
    request(name: string, task: () => Promise<unknown>): Promise<unknown>;
};
export type Channel = {
    postMessage(message: any): void;
    onmessage: ((event: any) => void) | null;
    close(): void;
};
export type Options = {
    /**
     * the API's origin; without it, the page's own
     */
    baseUrl?: string;
    /**
     * where the server mounts its JSON API: its RENEWAL_URL_PREFIX
     */
    prefix?: string;
    /**
     * the server's RENEWAL_HEADER_NAME
     */
    header?: string;
    /**
     * sent at login and with each refresh: the session is renewed together with it only
     */
    deviceId?: string;
    /**
     * how long a call to the JSON API may take, in milliseconds
     */
    timeout?: number;
    /**
     * how long to wait for another tab before going on without it, in milliseconds
     */
    lockWait?: number;
    fetch?: typeof globalThis.fetch;
    /**
     * null: none
     */
    locks?: Locks | null;
    /**
     * null: none
     */
    channel?: Channel | null;
    clock?: Clock;
    random?: () => number;
};
export type Own = {
    state: SessionState;
    held: Held | null;
    /**
     * login, logout and a change of session begin a new one; what began before is dropped
     */
    era: AbortController;
    publish: (state: SessionState) => void;
    /**
     * the session that was last signed out of: no message brings it back
     */
    ended?: string;
    renewal?: Promise<void> | null;
    signingIn?: Promise<void>;
    /**
     * in a row
     */
    failures: number;
    /**
     * when renewal may be asked for again, by the monotonic clock
     */
    notBefore: number;
    /**
     * what callers are told until then
     */
    failure?: import("./calls.js").RenewalError;
    timer?: any;
    stopping: AbortController;
    /**
     * the only one the access token is sent to
     */
    origin: string;
    /**
     * of lock and channel
     */
    name: string;
};
export type Tab = Required<Omit<Options, "locks" | "deviceId">> & Pick<Options, "deviceId"> & {
    locks: Locks;
} & Own;
export {};
