/** Requests of the application: sent with the access token, and once more with a new one where the server asks. */
export type Held = import("./types.js").Held;
/** Owns nothing.
 * @param {import("./types.js").Settings} settings @param {import("./state.js").State} state
 * @param {import("./renewal.js").Renewal} renewal */
export declare function makeSend(settings: import("./types.js").Settings, state: import("./state.js").State, { renew, pause }: import("./renewal.js").Renewal): {
    send: (input: RequestInfo | URL, init?: RequestInit, by?: typeof globalThis.fetch) => Promise<Response>;
    token: (refused?: string) => Promise<string | undefined>;
};
