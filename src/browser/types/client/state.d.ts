/** Who is signed in, as far as this page knows: what changes it, and whom it tells. */
export type SessionState = import("./types.js").SessionState;
export type Held = import("./types.js").Held;
export type Refusal = import("./types.js").Refusal;
export type Message = import("./types.js").Message;
export type State = ReturnType<typeof makeState>;
/** @typedef {import("./types.js").SessionState} SessionState @typedef {import("./types.js").Held} Held */
/** @typedef {import("./types.js").Refusal} Refusal @typedef {import("./types.js").Message} Message */
/** @typedef {ReturnType<typeof makeState>} State */
/** Owns the state and the token that goes with it.
 * @param {import("./types.js").Settings} settings @param {(state: SessionState) => void} changed */
export declare function makeState(settings: import("./types.js").Settings, changed: (state: SessionState) => void): {
    left: () => number;
    rest: () => number;
    begin: () => void;
    adopt: (grant: import("./types.js").Grant, at: number, reason: string, quietly?: boolean) => void;
    end: (reason: string, refusal?: Refusal, quietly?: boolean) => void;
    now: () => import("./types.js").SessionState;
    held: () => import("./types.js").Held | null;
    /** Aborts when what began under it no longer counts. */
    era: () => AbortSignal;
    /** The server could not be heard. @param {string} code */
    wonder(code: string): void;
    stop(): void;
};
