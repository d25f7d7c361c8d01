/**
 * A session as React sees it.
 *
 * @module flask-renewal/react
 */
export type SessionState = import("./client/types.js").SessionState;
/**
 * The state of `session`; the component renders again when it changes. It owns nothing, so Strict Mode may mount it
 * twice.
 *
 * @example
 * const { signedIn, user } = useSession(session);
 *
 * @param {EventTarget & {readonly state: SessionState}} session
 * @returns {SessionState}
 */
export declare function useSession(session: EventTarget & {
    readonly state: SessionState;
}): SessionState;
