/**
 * A session as React sees it.
 *
 * @module flask-renewal/react
 */

import { useCallback, useSyncExternalStore } from "react";

/** @typedef {import("./client/types.js").SessionState} SessionState */

/** @type {SessionState} what a server renders, and what the page begins with where it takes that over */
const UNDECIDED = { signedIn: null, reason: "unknown" };

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
export function useSession(session) {
  const subscribe = useCallback(
    (/** @type {() => void} */ changed) => {
      session.addEventListener("change", changed);
      return () => session.removeEventListener("change", changed);
    },
    [session],
  );
  return useSyncExternalStore(subscribe, () => session.state, () => UNDECIDED);
}
