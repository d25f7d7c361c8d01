/** Who is signed in, as far as this page knows: what changes it, and whom it tells. */

import { RenewalError } from "./calls.js";
import { hold } from "./token.js";

/** @typedef {import("./types.js").Tab} Tab @typedef {import("./types.js").Grant} Grant */

/** Begin anew: whatever is under way for the present session no longer counts. @param {Tab} tab */
export function begin(tab) {
  tab.era.abort(new RenewalError("superseded"));
  tab.era = new AbortController();
}

/** @param {Tab} tab @param {boolean | null} signedIn @param {string} reason */
export function become(tab, signedIn, reason) {
  const { user, session } = tab.held ?? {};
  tab.state = { signedIn, user, session, reason };
  tab.publish(tab.state);
}

/** @param {Tab} tab @param {Grant} grant @param {number} at when it was asked for, by the time of day
 * @param {string} reason @param {boolean} [quietly] other tabs are not told */
export function adopt(tab, grant, at, reason, quietly) {
  tab.held = hold(tab, grant, at);
  tab.failures = tab.notBefore = 0;
  if (!quietly) tab.channel?.postMessage({ grant: tab.held, reason });
  become(tab, true, reason);
}

/** @param {Tab} tab @param {string} reason @param {boolean} [quietly] other tabs are not told */
export function end(tab, reason, quietly) {
  begin(tab);
  tab.ended = tab.held?.session.id;
  tab.held = null;
  if (!quietly) tab.channel?.postMessage({ ended: tab.ended, reason });
  become(tab, false, reason);
}
