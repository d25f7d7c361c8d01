/**
 * Renewal: one at a time, ahead of time, and never in a loop. Only an answer of the server ends a session; everything
 * else that fails is tried again later.
 */

import { RenewalError, post } from "./calls.js";
import { adopt, become, begin, end } from "./state.js";
import { exclusively, ignore } from "./tabs.js";
import { rest } from "./token.js";

/** @typedef {import("./types.js").Tab} Tab @typedef {import("./types.js").Grant} Grant */

const LONGEST_PAUSE = 60_000; // between attempts, unless the server asks for a longer one
const LONGEST_SLEEP = 60_000; // timers stand still while the machine sleeps, so look at the clock this often
const SHORTEST_SLEEP = 1_000; // a server that issues dead tokens is not asked more often than this
const SLACK = 5; // ms that a timer may come too early: whole ones are all it knows, and clocks are made coarse

const SIGNS_OUT = /^(refresh_token_|session_|account_disabled|device_mismatch)/;

/** One renewal for any number of callers; it also waits for the login that made it pointless. @param {Tab} tab */
export const renew = (tab) =>
  (tab.renewal ??= refresh(tab).finally(() => {
    tab.renewal = null;
    sleep(tab);
  }));

/** @param {Tab} tab */
async function refresh(tab) {
  if (tab.clock.now() < tab.notBefore) throw tab.failure;
  const { held, era: { signal } } = tab;
  await exclusively(tab, async () => {
    if (held === tab.held) await exchange(tab, signal); // else another tab did it meanwhile
  });
  await tab.signingIn;
}

/** @param {Tab} tab @param {AbortSignal} era */
async function exchange(tab, era) {
  try {
    await obtain(tab, era, "/refresh", tab.held ? "renewed" : "restored");
  } catch (error) {
    if (era.aborted) return;
    if (error.status === 401 && SIGNS_OUT.test(error.code)) return end(tab, error.code);
    backOff(tab, error);
    throw error;
  }
}

/** The cookie may by now be of another session: a later login elsewhere, or an old session that a late answer brought
 * back, which must not take the place of the newer login.
 * @param {Tab} tab @param {AbortSignal} era @param {string} path @param {string} reason @param {object} [credentials]
 */
async function obtain(tab, era, path, reason, credentials) {
  const at = tab.clock.wall();
  const grant = await post(tab, path, credentials, era);
  era.throwIfAborted();
  const before = tab.held?.session.created_at;
  if (!credentials && before && grant.session.created_at < before) end(tab, "session_replaced");
  else adopt(tab, grant, at, reason);
}

/** @param {Tab} tab @param {RenewalError} error */
function backOff(tab, error) {
  const wait = Math.min(2 ** tab.failures++ * 1000, LONGEST_PAUSE) * (0.5 + tab.random() / 2);
  pause(tab, error, wait + (error.retryAfter || 0) * 1000); // not all together at the second the server named
  if (tab.state.signedIn === null) become(tab, null, error.code);
}

/** Ask for no renewal meanwhile. @param {Tab} tab @param {RenewalError} error @param {number} [ms] */
export function pause(tab, error, ms = LONGEST_PAUSE) {
  tab.notBefore = tab.clock.now() + ms;
  tab.failure = error;
}

/** Login and registration. @param {Tab} tab @param {string} reason @param {object} credentials */
export function signIn(tab, reason, credentials) {
  begin(tab);
  const { signal } = tab.era;
  const proof = { device_id: tab.deviceId, ...credentials };
  const signingIn = exclusively(tab, () => obtain(tab, signal, "/" + reason, reason, proof));
  tab.signingIn = signingIn.catch(ignore);
  return signingIn.then(() => tab.state);
}

/** Set the timer for what comes next. @param {Tab} tab */
export function sleep(tab) {
  const { clock: { now, setTimeout, clearTimeout }, state, stopping, notBefore } = tab;
  clearTimeout(tab.timer);
  if (state.signedIn === false || stopping.signal.aborted) return;
  const wait = Math.max(rest(tab) + SLACK, notBefore - now(), SHORTEST_SLEEP);
  tab.timer = setTimeout(() => look(tab), Math.min(wait, LONGEST_SLEEP));
}

/** Renew ahead of time, but only for eyes that see the page: one left in the background renews when it is used, so that
 * a forgotten tab does not keep a session alive. @param {Tab} tab */
function look(tab) {
  if (globalThis.document?.hidden || tab.state.signedIn === false) return;
  if (rest(tab) > 0) sleep(tab);
  else renew(tab).catch(ignore);
}

/** Look again when the page is seen again and when the network is back. @param {Tab} tab */
export function watch(tab) {
  const { signal } = tab.stopping;
  const wake = () => {
    if (!tab.failure?.status) tab.notBefore = 0; // nothing failed, or for want of a network
    if (tab.held || tab.failure) look(tab);
  };
  globalThis.addEventListener?.("visibilitychange", wake, { signal });
  globalThis.addEventListener?.("online", wake, { signal });
}
