/** What tabs do for each other. It only saves work, so nothing here is waited for without an end. */
export declare const ignore: () => void;
/** @returns {import("./types.js").Locks} for a browser without locks: the calls of one page wait for each other */
export declare function pageLocks(): import("./types.js").Locks;
/** @param {import("./types.js").Settings} settings */
export declare function makeLock({ name, locks, lockWait, clock: { setTimeout, clearTimeout }, }: import("./types.js").Settings): <T>(task: () => Promise<T>) => Promise<T>;
/** Owns the channel.
 * @param {import("./types.js").Settings} settings @param {(message: import("./types.js").Message) => void} hear */
export declare function makeChannel({ name, channel }: import("./types.js").Settings, hear: (message: import("./types.js").Message) => void): {
    /** @param {import("./types.js").Message} message */
    tell: (message: import("./types.js").Message) => void | undefined;
    close(): void;
};
