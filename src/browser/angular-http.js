/**
 * Angular's HttpClient over a session, whatever it sends by: XMLHttpRequest, with its progress, or `fetch`.
 *
 * @module flask-renewal/angular-http
 */

import { Observable } from "rxjs";

const RESPONSE = 4; // HttpEventType.Response

/**
 * An interceptor. Requests to other addresses than the API's go through as they are.
 *
 * @example
 * provideHttpClient(withInterceptors([renewing(session)]));
 *
 * @param {{fetch: any}} session
 * @returns {(request: any, next: (request: any) => Observable<any>) => Observable<any>} an `HttpInterceptorFn`
 */
export const renewing = (session) => (request, next) =>
  new Observable((observer) => {
    const leaving = new AbortController();
    /** @type {() => void} what ends it, once the session has had its say */ let settle;
    const attempt = (/** @type {Request} */ { headers }) =>
      new Promise((resolve, reject) => {
        /** @param {any} answer @param {() => void} then */
        const judged = (answer, then) => {
          settle = then;
          resolve(responseOf(answer));
        };
        const sending = next(request.clone({ setHeaders: Object.fromEntries(headers) })).subscribe({
          next: (event) => (event.type === RESPONSE ? judged(event, () => observer.next(event)) : observer.next(event)),
          error: (error) => (error.status ? judged(error, () => observer.error(error)) : reject(error)),
        });
        leaving.signal.addEventListener("abort", () => sending.unsubscribe());
      });
    const headers = pairs(request.headers);
    const address = new URL(request.urlWithParams, globalThis.location?.href);
    session.fetch(address, { headers, signal: leaving.signal }, attempt).then(
      () => (settle(), observer.complete()),
      (/** @type {unknown} */ error) => observer.error(error),
    );
    return () => leaving.abort();
  });

/** @param {any} headers of Angular's @returns {[string, string][]} */
const pairs = (headers) => headers.keys().map((/** @type {string} */ key) => [key, headers.get(key)]);

/** What the session reads of an answer. @param {any} answer @returns {Response} */
function responseOf({ status, url, headers, error }) {
  const response = new Response(status === 401 ? JSON.stringify(error) : null, { status, headers: pairs(headers) });
  return Object.defineProperty(response, "url", { value: url });
}
