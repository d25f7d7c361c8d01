/** The access token: whose it is, how long it lasts, whether another one is newer. */
export type Claims = import("./types.js").Claims;
export type Held = import("./types.js").Held;
/** @param {string} token @returns {Claims} unverified; none if the token is opaque */
export declare function claimsOf(token: string): Claims;
/** @param {import("./types.js").Settings} settings @param {import("./types.js").Grant} grant
 * @param {number} at when it was asked for, by the time of day @returns {Held} */
export declare function hold({ clock, random, tokenScheme }: import("./types.js").Settings, grant: import("./types.js").Grant, at: number): Held;
/** Of the same session, and issued and ending later. @param {Claims} claims @param {Held} held */
export declare const isNewer: ({ sid, iat, exp }: Claims, { claims }: Held) => boolean;
