/**
 * Angular's HttpClient over a session, whatever it sends by: XMLHttpRequest, with its progress, or `fetch`.
 *
 * @module flask-renewal/angular-http
 */
import { Observable } from "rxjs";
/**
 * An interceptor. Requests to other addresses than the API's go through as they are.
 *
 * @example provideHttpClient(withInterceptors([renewing(session)]));
 * @param {{fetch: any}} session
 * @returns {(request: any, next: (request: any) => Observable<any>) => Observable<any>} an `HttpInterceptorFn`
 */
export declare const renewing: (session: {
    fetch: any;
}) => (request: any, next: (request: any) => Observable<any>) => Observable<any>;
