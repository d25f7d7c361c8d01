/**
 * Renewal: one at a time, ahead of time, and never in a loop. Only an answer of the server ends a session; everything
 * else that fails is tried again later.
 */
import { RenewalError } from "./calls.js";
export type Tab = import("./types.js").Tab;
export type Grant = import("./types.js").Grant;
/** One renewal for any number of callers; it also waits for the login that made it pointless. @param {Tab} tab */
export declare const renew: (tab: Tab) => Promise<void>;
/** Ask for no renewal meanwhile. @param {Tab} tab @param {RenewalError} error @param {number} [ms] */
export declare function pause(tab: Tab, error: RenewalError, ms?: number): void;
/** Login and registration. @param {Tab} tab @param {string} reason @param {object} credentials */
export declare function signIn(tab: Tab, reason: string, credentials: object): Promise<Readonly<{
    signedIn: boolean | null;
    user?: import("./types.js").User;
    session?: import("./types.js").SessionRecord;
    reason: string;
}>>;
/** Set the timer for what comes next. @param {Tab} tab */
export declare function sleep(tab: Tab): void;
/** Look again when the page is seen again and when the network is back. @param {Tab} tab */
export declare function watch(tab: Tab): void;
