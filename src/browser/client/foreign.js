/** What a session reads of an answer that came by something else than `fetch`. */

/** @param {{status: number, url: string, headers: [string, string][], body: string | null}} answer
 * @returns {Response} */
export const responseOf = ({ status, url, headers, body }) =>
  Object.defineProperty(new Response(status === 401 ? body : null, { status, headers }), "url", { value: url });
