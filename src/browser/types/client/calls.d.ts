/** Calls to the server's JSON API: an answer, or a RenewalError, after a bounded time. */
/** Every failure that is not a plain Response: `code` is stable, `cause` what lay beneath. */
export declare class RenewalError extends Error {
    code: import("./types.js").ErrorCode;
    status: number | undefined;
    retryAfter: number | undefined;
    /** @param {import("./types.js").ErrorCode} code @param {unknown} [cause] @param {string} [message]
     * @param {number} [status] of the answer, where there was one
     * @param {number} [retryAfter] seconds to wait, where the server named them */
    constructor(code: import("./types.js").ErrorCode, cause?: unknown, message?: string, status?: number, retryAfter?: number);
}
/** @param {Response} response @returns {Promise<any>} its JSON, or nothing where it is none; rejects if it was cut off
 * on its way */
export declare const jsonOf: (response: Response) => Promise<any>;
/** @param {Response} response @returns {Promise<any>} a token response, or nothing for 204; anything else is thrown, so
 * is what a captive portal says with a 200 */
export declare function read(response: Response): Promise<any>;
/** A POST that carries the cookie. @param {object} [body] @returns {RequestInit} */
export declare const posting: (body?: object) => RequestInit;
/** Settle as `promise` does, or reject as soon as `signal` aborts: what others wait for too is left, not ended.
 * @template T @param {Promise<T>} promise @param {AbortSignal} signal of one request, so it need not be let go of
 * @returns {Promise<T>} */
export declare const unlessAborted: <T>(promise: Promise<T>, signal: AbortSignal) => Promise<T>;
export type Post = ReturnType<typeof makePost>;
/** @typedef {ReturnType<typeof makePost>} Post */
/** Owns whether the API was heard. @param {import("./types.js").Settings} settings */
export declare function makePost(settings: import("./types.js").Settings): (path: string, body?: object, era?: AbortSignal | null, bearer?: string) => Promise<any>;
