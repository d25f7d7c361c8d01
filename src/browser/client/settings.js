/** The options, with what several files ask for; the others have their default where they are used. */

/** @type {import("./types.js").Clock} */
const clock = { now: () => performance.now(), wall: Date.now, setTimeout, clearTimeout };

/** @param {import("./types.js").Options} options @returns {import("./types.js").Settings} */
export function complete({ baseUrl = location.origin, prefix = "/auth", ...options }) {
  const { origin } = new URL(baseUrl);
  return {
    tokenHeader: "Authorization", clock, random: Math.random,
    fetch: (/** @type {[any, any?]} */ ...request) => fetch(...request), ...options,
    baseUrl, prefix, origin, name: origin + prefix,
  };
}
