/**
 * A session as Angular sees it.
 *
 * @module flask-renewal/angular
 */
export type SessionState = import("./client/types.js").SessionState;
/** @typedef {import("./client/types.js").SessionState} SessionState */
/**
 * A signal of the state of `session`, until the component or service that asked for it is destroyed.
 *
 * @example
 * state = injectSession(session); // {{ state().user?.username }} in the template
 *
 * @param {EventTarget & {readonly state: SessionState}} session
 * @returns {import("@angular/core").Signal<SessionState>}
 */
export declare function injectSession(session: EventTarget & {
    readonly state: SessionState;
}): import("@angular/core").Signal<SessionState>;
