/** The access token: whose it is, how long it lasts, whether another one is newer. */

/** @typedef {import("./types.js").Claims} Claims @typedef {import("./types.js").Held} Held */

const MARGIN = 60_000; // renew this long before the end, or in the last third of a shorter life

/** @param {string} token @returns {Claims} unverified; none if the token is opaque */
export function claimsOf(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
  } catch {
    return /** @type {Claims} */ ({});
  }
}

/** @param {import("./types.js").Settings} settings @param {import("./types.js").Grant} grant
 * @param {number} at when it was asked for, by the time of day @returns {Held} */
export function hold({ clock, random, tokenScheme = "Bearer" }, grant, at) {
  const life = grant.expires_in * 1000;
  const margin = Math.min(MARGIN, life / 3) * (0.75 + random() / 4); // tabs with one token do not wake together
  const since = clock.now() - Math.max(0, clock.wall() - at);
  const bearer = (tokenScheme + " " + grant.access_token).trim();
  return { ...grant, bearer, claims: claimsOf(grant.access_token), life, margin, at, since };
}

/** Of the same session, and issued and ending later. @param {Claims} claims @param {Held} held */
export const isNewer = ({ sid, iat, exp }, { claims }) => sid === claims.sid && iat >= claims.iat && exp > claims.exp;
