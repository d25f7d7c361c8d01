/** When to renew: ahead of time, only for eyes that see the page, and after a failure not before a pause is over. */

import { ignore } from "./tabs.js";

/** @typedef {import("./calls.js").RenewalError} RenewalError @typedef {ReturnType<typeof makeSchedule>} Schedule */

/** Owns timer, listeners and the pause after failures.
 * @param {import("./types.js").Settings} settings @param {import("./state.js").State} state
 * @param {() => Promise<void>} renew */
export function makeSchedule({ clock: { now, setTimeout, clearTimeout }, random }, state, renew) {
  const LONGEST_PAUSE = 60_000; // between attempts, unless the server asks for a longer one
  const LONGEST_SLEEP = 60_000; // timers stand still while the machine sleeps, so look at the clock this often
  const SHORTEST_SLEEP = 1_000; // a server that issues dead tokens is not asked more often than this
  const SLACK = 5; // ms that a timer may come too early: whole ones are all it knows, and clocks are made coarse
  const stopping = new AbortController();
  const { signal } = stopping;
  /** @type {any} */ let timer;
  let failures = 0; // in a row
  let until = 0; // by the monotonic clock
  /** @type {RenewalError | undefined} */ let failure;

  /** Set the timer for what comes next. */
  function sleep() {
    clearTimeout(timer);
    if (state.now().signedIn === false || signal.aborted) return;
    const wait = Math.max(state.rest() + SLACK, until - now(), SHORTEST_SLEEP);
    timer = setTimeout(look, Math.min(wait, LONGEST_SLEEP));
  }

  /** A page left in the background renews when it is used, so that a forgotten tab does not keep a session alive. */
  function look() {
    if (globalThis.document?.hidden || state.now().signedIn === false) return;
    if (state.rest() > 0) sleep();
    else renew().catch(ignore);
  }

  /** The page is seen again, or the network is back. */
  function wake() {
    if (!failure?.status) until = 0; // nothing failed, or for want of a network
    if (state.held() || failure) look();
  }

  /** Ask for no renewal meanwhile. @param {RenewalError} error @param {number} [ms] */
  function pause(error, ms = LONGEST_PAUSE) {
    until = now() + ms;
    failure = error;
  }

  globalThis.addEventListener?.("visibilitychange", wake, { signal });
  globalThis.addEventListener?.("online", wake, { signal });
  return {
    sleep, pause,
    /** Throws what failed last, while the pause lasts. */
    check() {
      if (now() < until) throw failure;
    },
    /** Pause, longer each time, and not all together at the second the server named. @param {RenewalError} error */
    backOff(error) {
      const wait = Math.min(2 ** failures++ * 1000, LONGEST_PAUSE) * (0.5 + random() / 2);
      pause(error, wait + (error.retryAfter || 0) * 1000);
    },
    /** The state is another: a success ends the pause. */
    changed() {
      if (state.now().signedIn) failures = until = 0;
      sleep();
    },
    stop() {
      stopping.abort();
      clearTimeout(timer);
    },
  };
}
