/** Who is signed in, as far as this page knows: what changes it, and whom it tells. */
export type Tab = import("./types.js").Tab;
export type Grant = import("./types.js").Grant;
/** @typedef {import("./types.js").Tab} Tab @typedef {import("./types.js").Grant} Grant */
/** Begin anew: whatever is under way for the present session no longer counts. @param {Tab} tab */
export declare function begin(tab: Tab): void;
/** @param {Tab} tab @param {boolean | null} signedIn @param {string} reason */
export declare function become(tab: Tab, signedIn: boolean | null, reason: string): void;
/** @param {Tab} tab @param {Grant} grant @param {number} at when it was asked for, by the time of day
 * @param {string} reason @param {boolean} [quietly] other tabs are not told */
export declare function adopt(tab: Tab, grant: Grant, at: number, reason: string, quietly?: boolean): void;
/** @param {Tab} tab @param {string} reason @param {boolean} [quietly] other tabs are not told */
export declare function end(tab: Tab, reason: string, quietly?: boolean): void;
