/**
 * What people do with their sessions and their password, over a session.
 *
 * @module flask-renewal/account
 */
export type SessionRecord = import("./client/types.js").SessionRecord;
export type Session = {
    prefix: string;
    fetch: (input: string, init?: RequestInit) => Promise<Response>;
};
/** @typedef {import("./client/types.js").SessionRecord} SessionRecord
 * @typedef {{prefix: string, fetch: (input: string, init?: RequestInit) => Promise<Response>}} Session */
/**
 * Each call rejects with a RenewalError that has the server's code.
 *
 * @example
 * const account = accountOf(session);
 * for (const { id, device, current } of await account.sessions()) console.log(id, device, current);
 *
 * @param {Session} session
 */
export declare function accountOf(session: Session): {
    /** Living ones, newest use first. @returns {Promise<SessionRecord[]>} */
    sessions: () => Promise<SessionRecord[]>;
    /** Sign a device out. @param {string} id @returns {Promise<void>} */
    endSession: (id: string) => Promise<void>;
    /** Sign out every device but this one. @returns {Promise<number>} how many */
    endOtherSessions: () => Promise<number>;
    /** Every other session ends with the old password. @param {string} current_password @param {string} new_password
     * @returns {Promise<void>} */
    changePassword: (current_password: string, new_password: string) => Promise<void>;
};
