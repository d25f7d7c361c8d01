/** What tabs do for each other. It only saves work, so nothing here is waited for without an end. */

import { adopt, begin, end } from "./state.js";
import { isNewer, rest } from "./token.js";

/** @typedef {import("./types.js").Tab} Tab @typedef {import("./types.js").Held} Held */

export const ignore = () => {};

/** @returns {import("./types.js").Locks} for a browser without locks: the calls of one page wait for each other */
export function pageLocks() {
  let tail = Promise.resolve();
  return { request: (_, task) => (tail = tail.then(task).then(ignore, ignore)) };
}

/** Run `task` while no other tab runs one; after `lockWait`, or where locks are refused, run it all the same.
 * @template T @param {Tab} tab @param {() => Promise<T>} task @returns {Promise<T>} */
export const exclusively = ({ name, locks, lockWait, clock: { setTimeout, clearTimeout } }, task) =>
  new Promise((resolve, reject) => {
    /** @type {Promise<void> | undefined} */ let running;
    const run = () => {
      clearTimeout(timer);
      return (running ??= task().then(resolve, reject));
    };
    const timer = setTimeout(run, lockWait);
    locks.request(name, run).catch(run);
  });

/** Take in what another tab says. @param {Tab} tab @param {{grant?: Held, ended?: string, reason: string}} message */
export function hear(tab, { grant, ended, reason }) {
  const session = tab.held?.session.id;
  if (ended && tab.state.signedIn !== false && (session ?? ended) === ended) end(tab, reason, true);
  if (grant && isNews(tab, grant)) {
    if (session !== grant.session.id) begin(tab);
    adopt(tab, grant, grant.at, reason, true);
  }
}

/** @param {Tab} tab @param {Held} grant */
function isNews(tab, { claims, session }) {
  const { held, ended } = tab;
  if (!held) return session.id !== ended;
  if (session.id !== held.session.id) return session.created_at > held.session.created_at;
  // a password proved in this tab is not undone because another one renewed
  return isNewer(claims, held) && (!held.claims.fresh || rest(tab) <= 0);
}
