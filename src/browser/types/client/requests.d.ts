/** Requests of the application: sent with the access token, and once more with a new one where the server asks. */
export type Tab = import("./types.js").Tab;
export type Held = import("./types.js").Held;
/** @param {Tab} tab @param {RequestInfo | URL} input @param {RequestInit} [init] @returns {Promise<Response>} */
export declare function send(tab: Tab, input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
