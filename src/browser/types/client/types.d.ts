/**
 * The shapes that the files of the client share; nothing of this runs.
 *
 * @typedef {{id: string, username?: string}} User without a name where the host keeps none
 * @typedef {{id: string, device: string | null, user_agent: string | null, created_at: string, last_used_at: string,
 *   idle_expires_at: string, expires_at: string | null, current: boolean}} SessionRecord
 *
 * @typedef {`refresh_token_${"missing" | "ambiguous" | "invalid" | "reused"}`} TokenRefusal
 * @typedef {TokenRefusal | "session_expired" | "session_ended" | "account_disabled" | "device_mismatch"} RefusalCode
 * @typedef {"logout" | "replaced" | "displaced" | "ended_by_user" | "ended_by_host"} SessionEnding
 * @typedef {SessionEnding | "password_changed" | "account_disabled" | "account_deleted" | "reuse"} Ending
 * @typedef {Readonly<{code: RefusalCode, reason?: Ending, detail?: string}>} Refusal what the server said when it
 *   refused to renew; `reason` is why the session was ended before its time
 * @typedef {"unreachable" | "origin_not_trusted" | "timeout" | "superseded" | "token_refused"} Failure of a call;
 *   "origin_not_trusted": the server answers, but lets no script of this page read it
 * @typedef {"invalid_credentials" | "username_taken" | "weak_password" | "registration_closed"} CredentialsCode
 * @typedef {`token_${"missing" | "expired" | "invalid"}` | "fresh_token_required" | "session_not_found"} AccessCode
 * @typedef {"invalid_request" | "too_many_requests" | "untrusted_origin" | `http_${number}`} RequestCode
 * @typedef {CredentialsCode | AccessCode | RequestCode | "store_unavailable" | "internal_error"} ApiCode
 * @typedef {Failure | RefusalCode | ApiCode | (string & {})} ErrorCode a host may refuse a sign-in in words of its own
 * @typedef {"unknown" | ErrorCode} Doubt "unknown" until the server is asked, then why it could not be heard
 * @typedef {{signedIn: null, reason: Doubt, user?: undefined, session?: undefined, refusal?: undefined}} Undecided
 * @typedef {{signedIn: true, reason: "login" | "register" | "restored" | "renewed" | "confirmed", user: User,
 *   session: SessionRecord, refusal?: undefined}} SignedIn
 * @typedef {{signedIn: false, reason: "logout" | "session_replaced", user?: undefined, session?: undefined,
 *   refusal?: undefined} | {signedIn: false, reason: RefusalCode, user?: undefined, session?: undefined,
 *   refusal: Refusal}} SignedOut
 * @typedef {Readonly<Undecided | SignedIn | SignedOut>} SessionState `reason` is what changed it
 * @typedef {(type: "change", listener: (event: CustomEvent<SessionState>) => void,
 *   options?: boolean | AddEventListenerOptions) => void} Listen
 * @typedef {{addEventListener: Listen, removeEventListener: Listen}} Announcing
 * @typedef {{access_token: string, expires_in: number, user: User, session: SessionRecord}} Grant
 *   a token response
 * @typedef {{sid: string, iat: number, exp: number, fresh: boolean}} Claims as the token has them, which may be none
 * @typedef {Grant & {bearer: string, claims: Claims, life: number, margin: number, at: number, since: number}}
 *   Held `bearer` is what the token's header says; `life` and `margin` in ms; `at` and `since` say when it was asked
 *   for, by the time of day and the monotonic clock
 * @typedef {{grant?: Held, ended?: string, reason: any, refusal?: Refusal}} Message what one tab says to the others
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
 * @typedef {object} Storage what is kept while no process runs; others may share it
 * @property {(key: string) => Promise<string | null | undefined>} get
 * @property {(key: string, value: string) => Promise<unknown>} set
 * @property {(key: string) => Promise<unknown>} remove
 *
 * @typedef {object} Options
 * @property {string} [baseUrl] the API's origin, and the path below which it is, if any; without it, the page's origin
 * @property {"body"} [transport] the refresh token travels in the body instead of a cookie, where there is none
 * @property {Storage} [storage] where it is then kept; without it, in the browser's localStorage
 * @property {string} [prefix] where the server mounts its JSON API: its RENEWAL_URL_PREFIX
 * @property {string} [header] the server's RENEWAL_HEADER_NAME
 * @property {string} [tokenHeader] the server's JWT_HEADER_NAME
 * @property {string} [tokenScheme] the server's JWT_HEADER_TYPE; "": the header holds the token alone
 * @property {string} [deviceId] sent at login and with each refresh: the session is renewed together with it only
 * @property {number} [timeout] how long a call to the JSON API may take, in milliseconds
 * @property {number} [lockWait] how long to wait for another tab before going on without it, in milliseconds
 * @property {typeof globalThis.fetch} [fetch]
 * @property {Locks | null} [locks] null: none
 * @property {Channel | null} [channel] null: none
 * @property {Clock} [clock]
 * @property {() => number} [random]
 *
 * @typedef {Options & {baseUrl: string, prefix: string, tokenHeader: string, fetch: typeof globalThis.fetch,
 *   clock: Clock, random: () => number, name: string}} Settings the token is sent below `baseUrl` alone; `name` is where
 *   the JSON API is, and what lock and channel are called
 */
export type User = {
    id: string;
    username?: string;
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
export type TokenRefusal = `refresh_token_${"missing" | "ambiguous" | "invalid" | "reused"}`;
export type RefusalCode = TokenRefusal | "session_expired" | "session_ended" | "account_disabled" | "device_mismatch";
export type SessionEnding = "logout" | "replaced" | "displaced" | "ended_by_user" | "ended_by_host";
export type Ending = SessionEnding | "password_changed" | "account_disabled" | "account_deleted" | "reuse";
export type Refusal = Readonly<{
    code: RefusalCode;
    reason?: Ending;
    detail?: string;
}>;
export type Failure = "unreachable" | "origin_not_trusted" | "timeout" | "superseded" | "token_refused";
export type CredentialsCode = "invalid_credentials" | "username_taken" | "weak_password" | "registration_closed";
export type AccessCode = `token_${"missing" | "expired" | "invalid"}` | "fresh_token_required" | "session_not_found";
export type RequestCode = "invalid_request" | "too_many_requests" | "untrusted_origin" | `http_${number}`;
export type ApiCode = CredentialsCode | AccessCode | RequestCode | "store_unavailable" | "internal_error";
export type ErrorCode = Failure | RefusalCode | ApiCode | (string & {});
export type Doubt = "unknown" | ErrorCode;
export type Undecided = {
    signedIn: null;
    reason: Doubt;
    user?: undefined;
    session?: undefined;
    refusal?: undefined;
};
export type SignedIn = {
    signedIn: true;
    reason: "login" | "register" | "restored" | "renewed" | "confirmed";
    user: User;
    session: SessionRecord;
    refusal?: undefined;
};
export type SignedOut = {
    signedIn: false;
    reason: "logout" | "session_replaced";
    user?: undefined;
    session?: undefined;
    refusal?: undefined;
} | {
    signedIn: false;
    reason: RefusalCode;
    user?: undefined;
    session?: undefined;
    refusal: Refusal;
};
export type SessionState = Readonly<Undecided | SignedIn | SignedOut>;
export type Listen = (type: "change", listener: (event: CustomEvent<SessionState>) => void, options?: boolean | AddEventListenerOptions) => void;
export type Announcing = {
    addEventListener: Listen;
    removeEventListener: Listen;
};
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
    bearer: string;
    claims: Claims;
    life: number;
    margin: number;
    at: number;
    since: number;
};
export type Message = {
    grant?: Held;
    ended?: string;
    reason: any;
    refusal?: Refusal;
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
export type Storage = {
    get: (key: string) => Promise<string | null | undefined>;
    set: (key: string, value: string) => Promise<unknown>;
    remove: (key: string) => Promise<unknown>;
};
export type Options = {
    /**
     * the API's origin, and the path below which it is, if any; without it, the page's origin
     */
    baseUrl?: string;
    /**
     * the refresh token travels in the body instead of a cookie, where there is none
     */
    transport?: "body";
    /**
     * where it is then kept; without it, in the browser's localStorage
     */
    storage?: Storage;
    /**
     * where the server mounts its JSON API: its RENEWAL_URL_PREFIX
     */
    prefix?: string;
    /**
     * the server's RENEWAL_HEADER_NAME
     */
    header?: string;
    /**
     * the server's JWT_HEADER_NAME
     */
    tokenHeader?: string;
    /**
     * the server's JWT_HEADER_TYPE; "": the header holds the token alone
     */
    tokenScheme?: string;
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
export type Settings = Options & {
    baseUrl: string;
    prefix: string;
    tokenHeader: string;
    fetch: typeof globalThis.fetch;
    clock: Clock;
    random: () => number;
    name: string;
};
export {};
