/**
 * A session as Solid sees it.
 *
 * @module flask-renewal/solid
 */

import { createSignal, onCleanup, onMount } from "solid-js";
import { storeOf } from "./svelte.js";

/** @typedef {import("./client/types.js").SessionState} SessionState */

/**
 * The state of `session`, until the owner that asked for it is disposed of; a server that renders does not listen.
 *
 * @example
 * const state = useSession(session); // {state().user?.username} in the template
 *
 * @param {EventTarget & {readonly state: SessionState}} session
 * @returns {import("solid-js").Accessor<SessionState>}
 */
export function useSession(session) {
  const [state, setState] = createSignal(session.state);
  onMount(() => onCleanup(storeOf(session).subscribe((now) => void setState(() => now))));
  return state;
}
