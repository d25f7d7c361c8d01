/**
 * Axios over a session. Its own `fetch` adapter does the work, so whatever Axios does with bodies, signals, progress
 * and errors stays as it is; only the function underneath is the session's.
 *
 * @module flask-renewal/axios
 */
/**
 * Send the requests of an Axios instance through `session`. Relative addresses start at the API.
 *
 * @example
 * const api = attachAxios(axios.create(), session);
 * await api.post("/reports", { title: "June" });
 *
 * @template {{defaults: {adapter?: any, env?: any, baseURL?: string}}} A
 * @param {A} axios an instance, of Axios 1.12 or later
 * @param {{fetch: typeof globalThis.fetch, baseUrl: string}} session
 * @returns {A}
 */
export declare function attachAxios<A extends {
    defaults: {
        adapter?: any;
        env?: any;
        baseURL?: string;
    };
}>(axios: A, session: {
    fetch: typeof globalThis.fetch;
    baseUrl: string;
}): A;
