/** When to renew: ahead of time, only for eyes that see the page, and after a failure not before a pause is over. */
export type RenewalError = import("./calls.js").RenewalError;
export type Schedule = ReturnType<typeof makeSchedule>;
/** @typedef {import("./calls.js").RenewalError} RenewalError @typedef {ReturnType<typeof makeSchedule>} Schedule */
/** Owns timer, listeners and the pause after failures.
 * @param {import("./types.js").Settings} settings @param {import("./state.js").State} state
 * @param {() => Promise<void>} renew */
export declare function makeSchedule({ clock: { now, setTimeout, clearTimeout }, random }: import("./types.js").Settings, state: import("./state.js").State, renew: () => Promise<void>): {
    sleep: () => void;
    pause: (error: RenewalError, ms?: number) => void;
    /** Throws what failed last, while the pause lasts. */
    check(): void;
    /** Pause, longer each time, and not all together at the second the server named. @param {RenewalError} error */
    backOff(error: RenewalError): void;
    /** The state is another: a success ends the pause. */
    changed(): void;
    stop(): void;
};
