/** Calls to the server's JSON API: an answer, or a RenewalError, after a bounded time. */

/** Every failure that is not a plain Response: `code` is stable, `cause` what lay beneath. */
export class RenewalError extends Error {
  /** @param {import("./types.js").ErrorCode} code @param {unknown} [cause] @param {string} [message]
   * @param {number} [status] of the answer, where there was one
   * @param {number} [retryAfter] seconds to wait, where the server named them */
  constructor(code, cause, message = code, status, retryAfter) {
    super(message, { cause });
    this.name = "RenewalError";
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** @param {Response} response @returns {Promise<any>} its JSON, or nothing where it is none; rejects if it was cut off
 * on its way */
export const jsonOf = (response) =>
  response.json().catch((error) => {
    if (error.name !== "SyntaxError") throw error;
  });

/** @param {Response} response @returns {Promise<any>} a token response, or nothing for 204; anything else is thrown, so
 * is what a captive portal says with a 200 */
export async function read(response) {
  const cause = await jsonOf(response);
  const { status } = response;
  if (status === 204 || (response.ok && cause?.access_token)) return cause;
  const retryAfter = Number(response.headers.get("Retry-After"));
  throw new RenewalError(cause?.code ?? "http_" + status, cause, cause?.detail, status, retryAfter);
}

/** A POST that carries the cookie. @param {object} [body] @returns {RequestInit} */
export const posting = (body) => ({
  method: "POST",
  credentials: "include",
  body: body && new Blob([JSON.stringify(body)], { type: "application/json" }),
});

/** Settle as `promise` does, or reject as soon as `signal` aborts: what others wait for too is left, not ended.
 * @template T @param {Promise<T>} promise @param {AbortSignal} signal of one request, so it need not be let go of
 * @returns {Promise<T>} */
export const unlessAborted = (promise, signal) =>
  new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    signal.addEventListener("abort", () => reject(signal.reason));
    signal.throwIfAborted();
  });

/** @typedef {ReturnType<typeof makePost>} Post */

/** Owns whether the API was heard. @param {import("./types.js").Settings} settings */
export function makePost(settings) {
  const { name, timeout = 15_000, deviceId, tokenHeader, fetch, transport, clock } = settings;
  const { setTimeout, clearTimeout } = clock;
  /** What few need is loaded when it is needed. @type {(url: string, init: RequestInit) => Promise<Response>} */
  const send = transport ? async (...call) => (await import("./body.js")).send(settings, ...call) : fetch;
  let heard = false; // what could be read once may be read
  const codeOfFailure = () => import("./diagnosis.js").then((found) => found.codeOf(settings), () => "unreachable");

  /** @param {string} path @param {object} [body]
   * @param {AbortSignal | null} [era] with which the call is given up; only a logout belongs to none
   * @param {string} [bearer] what the token's header says */
  return async (path, body, era, bearer) => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new RenewalError("timeout")), timeout);
    const signal = era ? AbortSignal.any([era, late.signal]) : late.signal;
    const headers = {
      ...(bearer && { [tokenHeader]: bearer }),
      ...(deviceId && { "X-Device-Id": deviceId }),
    };
    // A logout outlives the page: who signs out and leaves has signed out. Nothing else may, for Chromium goes on with
    // an abandoned request that is kept alive, and its cookie would land on a newer one.
    const init = { ...posting(body), headers, signal, keepalive: !era };
    try {
      const answering = send(name + "/" + path, init).then((response) => ((heard = true), read(response)));
      return await unlessAborted(answering, signal);
    } catch (cause) {
      throw cause instanceof RenewalError ? cause : new RenewalError(heard ? "unreachable" : await codeOfFailure(), cause);
    } finally {
      clearTimeout(timer);
    }
  };
}
