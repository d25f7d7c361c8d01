/** Answers of libraries that send by themselves, for a session to judge. */

/** @param {number} status @param {HeadersInit} headers @param {string} url where it came from in the end
 * @param {BodyInit} body is read of a 401 only
 * @returns {Response} what a session reads of it */
export function responseOf(status, headers, url, body) {
  const response = new Response(status === 401 ? body : null, { status, headers });
  return Object.defineProperty(response, "url", { value: url });
}
