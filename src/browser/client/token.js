/** The access token that is held: whose it is, how long it lasts, whether another one is newer. */

/** @typedef {import("./types.js").Claims} Claims @typedef {import("./types.js").Held} Held */
/** @typedef {import("./types.js").Tab} Tab */

const MARGIN = 60_000; // renew this long before the end, or in the last third of a shorter life

/** @param {string} token @returns {Claims} unverified; none if the token is opaque */
export function claimsOf(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
  } catch {
    return /** @type {Claims} */ ({});
  }
}

/** @param {Tab} tab @param {import("./types.js").Grant} grant
 * @param {number} at when it was asked for, by the time of day @returns {Held} */
export function hold({ clock, random }, grant, at) {
  const life = grant.expires_in * 1000;
  const margin = Math.min(MARGIN, life / 3) * (0.75 + random() / 4); // tabs with one token do not wake together
  const since = clock.now() - Math.max(0, clock.wall() - at);
  return { ...grant, claims: claimsOf(grant.access_token), life, margin, at, since };
}

/** What is left of its life, in ms; 0 without a token. A monotonic clock may stand still while the machine sleeps, and
 * the time of day may be set back, so the later of the two counts. @param {Tab} tab */
export const left = ({ held, clock }) =>
  held ? held.life - Math.max(clock.now() - held.since, clock.wall() - held.at) : 0;

/** How long it need not be renewed, in ms. @param {Tab} tab */
export const rest = (tab) => left(tab) - (tab.held?.margin ?? 0);

/** Of the same session, and issued and ending later. @param {Claims} claims @param {Held} held */
export const isNewer = ({ sid, iat, exp }, { claims }) => sid === claims.sid && iat >= claims.iat && exp > claims.exp;
