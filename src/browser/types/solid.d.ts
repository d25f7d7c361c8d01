/**
 * A session as Solid sees it.
 *
 * @module flask-renewal/solid
 */
export type SessionState = import("./client/types.js").SessionState;
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
export declare function useSession(session: EventTarget & {
    readonly state: SessionState;
}): import("solid-js").Accessor<SessionState>;
