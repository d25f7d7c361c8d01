/**
 * Angular's HttpClient over a session, whatever it sends by: XMLHttpRequest, with its progress, or `fetch`.
 *
 * @module flask-renewal/angular-http
 */
import { Observable } from "rxjs";

const RESPONSE = 4; // HttpEventType.Response
const pairs = (/** @type {any} */ headers) => headers.keys().map((/** @type {string} */ key) => [key, headers.get(key)]);

/**
 * An interceptor. Requests to other addresses than the API's go through as they are.
 *
 * @example provideHttpClient(withInterceptors([renewing(session)]));
 * @param {{fetch: any}} session
 * @returns {(request: any, next: (request: any) => Observable<any>) => Observable<any>} an `HttpInterceptorFn`
 */
export const renewing = (session) => (request, next) =>
  new Observable((observer) => {
    const leaving = new AbortController();
    /** @type {() => void} what ends it, once the session has had its say */ let settle;
    const attempt = (/** @type {Request} */ { headers }) =>
      new Promise((resolve, reject) => {
        const judge = (/** @type {any} */ { status, headers, url, error }, /** @type {() => void} */ then) => {
          settle = then;
          const body = status === 401 ? JSON.stringify(error) : null; // what the session reads of it
          const response = new Response(body, { status, headers: pairs(headers) });
          resolve(Object.defineProperty(response, "url", { value: url }));
        };
        const sending = next(request.clone({ setHeaders: Object.fromEntries(headers) })).subscribe({
          next: (event) => (event.type === RESPONSE ? judge(event, () => observer.next(event)) : observer.next(event)),
          error: (error) => (error.status ? judge(error, () => observer.error(error)) : reject(error)),
        });
        leaving.signal.addEventListener("abort", () => sending.unsubscribe());
      });
    const address = new URL(request.urlWithParams, globalThis.location?.href);
    session.fetch(address, { headers: pairs(request.headers), signal: leaving.signal }, attempt)
      .then(() => (settle(), observer.complete()), (/** @type {unknown} */ error) => observer.error(error));
    return () => leaving.abort();
  });
