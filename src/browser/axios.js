/**
 * Axios over a session. Its own adapters do the work, so whatever Axios does with bodies, signals, progress and errors
 * stays as it is; only what they are sent with is the session's.
 *
 * @module flask-renewal/axios
 */

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
export function attachAxios(axios, session) {
  const { defaults } = axios;
  defaults.adapter = "fetch";
  defaults.env = { ...defaults.env, fetch: session.fetch };
  defaults.baseURL ??= session.baseUrl;
  const upload = makeUpload(axios, session);
  axios.interceptors.request.use((/** @type {any} */ config) => (isWatched(config) ? { ...config, adapter: upload } : config));
  return axios;
}

/** Whether somebody watches how far it has come: `fetch` cannot tell over HTTP/1.1, and XMLHttpRequest sends no streams.
 * @param {any} config */
const isWatched = ({ adapter, onUploadProgress, data }) =>
  adapter === "fetch" && onUploadProgress && globalThis.XMLHttpRequest && !(data instanceof ReadableStream);

/** An adapter over Axios's own for XMLHttpRequest, which reads a file from the disk anew when it is sent once more.
 * @param {Instance} axios @param {Session} session @returns {(config: any) => Promise<any>} */
function makeUpload(axios, session) {
  const once = { adapter: "xhr", transformRequest: [], transformResponse: [] }; // the instance itself has transformed
  const { request: send } = axios.create();
  return async (config) => {
    const own = (/** @type {any} */ answer) => answer && Object.assign(answer, { config });
    /** @type {Promise<any> | undefined} */ let sent;
    const attempt = async (/** @type {any} */ { headers }) => {
      sent = send({ ...config, ...once, headers: config.headers.concat(Object.fromEntries(headers)) });
      return responseOf(await sent.catch((error) => error.response ?? Promise.reject(error)));
    };
    const headers = config.headers.toJSON();
    await session.fetch(new URL(axios.getUri(config), location.href), { headers }, attempt);
    return /** @type {Promise<any>} */ (sent).then(own, (error) => {
      own(error.response);
      throw own(error);
    });
  };
}

/** What the session reads of an answer of Axios's. @param {any} answer @returns {Response} */
function responseOf({ status, data, headers, request }) {
  const response = new Response(status === 401 ? data : null, { status, headers: headers.toJSON() });
  return Object.defineProperty(response, "url", { value: request.responseURL });
}
