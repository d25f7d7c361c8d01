/**
 * A session as Vue 3 sees it.
 *
 * @module flask-renewal/vue
 */

import { getCurrentInstance, onMounted, onScopeDispose, shallowRef } from "vue";

/** @typedef {import("./client/types.js").SessionState} SessionState */

/**
 * A ref of the state of `session`, until the component or scope that asked for it ends. On a server that renders nothing
 * ends, so a component listens from when it is mounted.
 *
 * @example
 * const state = useSession(session); // {{ state.user?.username }} in the template
 *
 * @param {EventTarget & {readonly state: SessionState}} session
 * @returns {Readonly<import("vue").ShallowRef<SessionState>>}
 */
export function useSession(session) {
  const state = shallowRef(session.state);
  const update = () => {
    state.value = session.state;
  };
  const listen = () => {
    session.addEventListener("change", update);
    update();
  };
  if (getCurrentInstance()) onMounted(listen);
  else listen();
  onScopeDispose(() => session.removeEventListener("change", update));
  return state;
}
