/**
 * Renewal, signing in and out: one at a time, and never in a loop. Only an answer of the server ends a session;
 * everything else that fails is tried again later.
 */
export type Renewal = ReturnType<typeof makeRenewal>;
/** Owns what is under way.
 * @param {import("./types.js").Settings} settings @param {import("./state.js").State} state */
export declare function makeRenewal(settings: import("./types.js").Settings, state: import("./state.js").State): {
    sleep: () => void;
    pause: (error: import("./schedule.js").RenewalError, ms?: number) => void;
    check(): void;
    backOff(error: import("./schedule.js").RenewalError): void;
    changed(): void;
    stop(): void;
    renew: () => Promise<void>;
    signIn: (reason: string, credentials: object) => Promise<Readonly<import("./types.js").SignedIn> | Readonly<import("./types.js").Undecided> | Readonly<{
        signedIn: false;
        reason: "logout" | "session_replaced";
        user?: undefined;
        session?: undefined;
        refusal?: undefined;
    }> | Readonly<{
        signedIn: false;
        reason: import("./types.js").RefusalCode;
        user?: undefined;
        session?: undefined;
        refusal: import("./types.js").Refusal;
    }>>;
    logout: (options: {
        everywhere?: boolean;
    }) => Promise<void>;
    confirm: (password: string, fetch: (input: string, init: RequestInit) => Promise<Response>) => Promise<import("./types.js").SessionState>;
};
