/**
 * What people do with their sessions and their password, over a session.
 *
 * @module flask-renewal/account
 */

import { RenewalError, jsonOf } from "./client/calls.js";

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
export function accountOf(session) {
  /** @param {string} method @param {string} path @param {object} [content] @returns {Promise<any>} */
  async function ask(method, path, content) {
    const body = content && new Blob([JSON.stringify(content)], { type: "application/json" });
    const response = await session.fetch(session.prefix + path, { method, body });
    const answer = await jsonOf(response);
    if (response.ok) return answer;
    const { status, headers } = response;
    const code = answer?.code ?? "http_" + status;
    throw new RenewalError(code, answer, answer?.detail, status, Number(headers.get("Retry-After")));
  }

  return {
    /** Living ones, newest use first. @returns {Promise<SessionRecord[]>} */
    sessions: async () => (await ask("GET", "/sessions")).sessions,
    /** Sign a device out. @param {string} id @returns {Promise<void>} */
    endSession: (id) => ask("DELETE", "/sessions/" + encodeURIComponent(id)),
    /** Sign out every device but this one. @returns {Promise<number>} how many */
    endOtherSessions: async () => (await ask("DELETE", "/sessions")).ended,
    /** Every other session ends with the old password. @param {string} current_password @param {string} new_password
     * @returns {Promise<void>} */
    changePassword: (current_password, new_password) => ask("PUT", "/password", { current_password, new_password }),
  };
}
