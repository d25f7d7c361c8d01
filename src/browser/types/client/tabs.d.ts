/** What tabs do for each other. It only saves work, so nothing here is waited for without an end. */
export type Tab = import("./types.js").Tab;
export type Held = import("./types.js").Held;
/** @typedef {import("./types.js").Tab} Tab @typedef {import("./types.js").Held} Held */
export declare const ignore: () => void;
/** @returns {import("./types.js").Locks} for a browser without locks: the calls of one page wait for each other */
export declare function pageLocks(): import("./types.js").Locks;
/** Run `task` while no other tab runs one; after `lockWait`, or where locks are refused, run it all the same.
 * @template T @param {Tab} tab @param {() => Promise<T>} task @returns {Promise<T>} */
export declare const exclusively: <T>({ name, locks, lockWait, clock: { setTimeout, clearTimeout } }: Tab, task: () => Promise<T>) => Promise<T>;
/** Take in what another tab says. @param {Tab} tab @param {{grant?: Held, ended?: string, reason: string}} message */
export declare function hear(tab: Tab, { grant, ended, reason }: {
    grant?: Held;
    ended?: string;
    reason: string;
}): void;
