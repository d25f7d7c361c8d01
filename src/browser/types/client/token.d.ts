/** The access token that is held: whose it is, how long it lasts, whether another one is newer. */
export type Claims = import("./types.js").Claims;
export type Held = import("./types.js").Held;
export type Tab = import("./types.js").Tab;
/** @param {string} token @returns {Claims} unverified; none if the token is opaque */
export declare function claimsOf(token: string): Claims;
/** @param {Tab} tab @param {import("./types.js").Grant} grant
 * @param {number} at when it was asked for, by the time of day @returns {Held} */
export declare function hold({ clock, random }: Tab, grant: import("./types.js").Grant, at: number): Held;
/** What is left of its life, in ms; 0 without a token. A monotonic clock may stand still while the machine sleeps, and
 * the time of day may be set back, so the later of the two counts. @param {Tab} tab */
export declare const left: ({ held, clock }: Tab) => number;
/** How long it need not be renewed, in ms. @param {Tab} tab */
export declare const rest: (tab: Tab) => number;
/** Of the same session, and issued and ending later. @param {Claims} claims @param {Held} held */
export declare const isNewer: ({ sid, iat, exp }: Claims, { claims }: Held) => boolean;
