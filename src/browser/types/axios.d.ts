/**
 * Axios over a session. Its own adapters do the work, so whatever Axios does with bodies, signals, progress and errors
 * stays as it is; only what they are sent with is the session's.
 *
 * @module flask-renewal/axios
 */
export type Instance = {
    defaults: {
        adapter?: any;
        env?: any;
        baseURL?: string;
    };
    interceptors: {
        request: {
            use(run: any): unknown;
        };
    };
    create(): {
        request(config: any): Promise<any>;
    };
    getUri(config: any): string;
};
export type Session = {
    baseUrl: string;
    fetch: (input: RequestInfo | URL, init?: RequestInit, by?: typeof globalThis.fetch) => Promise<Response>;
};
/**
 * @typedef {{defaults: {adapter?: any, env?: any, baseURL?: string}, interceptors: {request: {use(run: any): unknown}},
 *   create(): {request(config: any): Promise<any>}, getUri(config: any): string}} Instance
 * @typedef {{baseUrl: string,
 *   fetch: (input: RequestInfo | URL, init?: RequestInit, by?: typeof globalThis.fetch) => Promise<Response>}} Session
 */
/**
 * Send the requests of an Axios instance through `session`. Relative addresses start at the API.
 *
 * @example
 * const api = attachAxios(axios.create(), session);
 * await api.post("/reports", { title: "June" });
 *
 * @template {Instance} A
 * @param {A} axios an instance, of Axios 1.12 or later
 * @param {Session} session
 * @returns {A}
 */
export declare function attachAxios<A extends Instance>(axios: A, session: Session): A;
