/**
 * A session as Vue 3 sees it.
 *
 * @module flask-renewal/vue
 */
export type SessionState = import("./client/types.js").SessionState;
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
export declare function useSession(session: EventTarget & {
    readonly state: SessionState;
}): Readonly<import("vue").ShallowRef<SessionState>>;
