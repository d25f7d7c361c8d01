/**
 * A session as Angular sees it.
 *
 * @module flask-renewal/angular
 */

import { DestroyRef, inject, signal } from "@angular/core";
import { storeOf } from "./svelte.js";

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
export function injectSession(session) {
  const state = signal(session.state);
  inject(DestroyRef).onDestroy(storeOf(session).subscribe((now) => state.set(now)));
  return state.asReadonly();
}
