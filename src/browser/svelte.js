/**
 * A session as Svelte sees it: a store, which is also what RxJS and others take.
 *
 * @module flask-renewal/svelte
 */

/** @typedef {import("./client/types.js").SessionState} SessionState */

/**
 * A store of the state of `session`.
 *
 * @example
 * const state = storeOf(session); // {$state.user?.username} in the template
 *
 * @param {EventTarget & {readonly state: SessionState}} session
 * @returns {{subscribe(run: (state: SessionState) => void): () => void}}
 */
export const storeOf = (session) => ({
  subscribe(run) {
    const tell = () => run(session.state);
    session.addEventListener("change", tell);
    tell();
    return () => session.removeEventListener("change", tell);
  },
});
