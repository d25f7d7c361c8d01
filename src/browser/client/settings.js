/** The options, with what several files ask for; the others have their default where they are used. */

/** @type {import("./types.js").Clock} */
const clock = { now: () => performance.now(), wall: Date.now, setTimeout, clearTimeout };

/** Where a page is rendered there is no address to start at, and nothing is asked for from there.
 * @param {import("./types.js").Options} options @returns {import("./types.js").Settings} */
export function complete({ baseUrl = globalThis.location?.origin ?? "nowhere:/", prefix = "/auth", ...options }) {
  baseUrl = new URL(baseUrl).href.replace(/\/$/, "");
  return {
    tokenHeader: "Authorization", clock, random: Math.random,
    fetch: (/** @type {[any, any?]} */ ...request) => fetch(...request), ...options,
    baseUrl, prefix, name: baseUrl + prefix,
  };
}
