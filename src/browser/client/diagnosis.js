/** Why a call failed, which browsers do not say: loaded when one has. */

const PATIENCE = 5_000; // ms

/** @type {Set<string>} what has been said in the console, once a page */
const said = new Set();

/** Tell a server that is away from one that the page may not read. Every page may read the keys, so they come from an
 * API that is there; where a proxy hides them, any answer will do. Pages that are trusted may read the client, too.
 * @param {import("./types.js").Settings} settings
 * @returns {Promise<"unreachable" | "origin_not_trusted">} */
export async function codeOf({ baseUrl, name, fetch }) {
  const { origin } = globalThis.location ?? {};
  if (!origin || new URL(baseUrl).origin === origin) return "unreachable";
  /** @type {RequestInit} */
  const init = { method: "HEAD", credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
  const answers = (/** @type {string} */ url, /** @type {RequestMode} */ mode = "cors") =>
    fetch(url, { ...init, mode }).then(({ ok, type }) => ok || type === "opaque", () => false);
  const there = (await answers(baseUrl + "/.well-known/jwks.json")) || (await answers(name + "/refresh", "no-cors"));
  if (!there || (await answers(name + "/client.js"))) return "unreachable";
  warn(
    `${baseUrl} answers, but lets no script of this page read it. Put "${origin}" into the server's ` +
      "RENEWAL_TRUSTED_ORIGINS; if it is there, something between the two takes the CORS headers away.",
  );
  return "origin_not_trusted";
}

/** @param {string} sentence */
function warn(sentence) {
  if (!said.has(sentence)) console.warn(sentence);
  said.add(sentence);
}
