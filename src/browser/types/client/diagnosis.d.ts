/** Why a call failed, which browsers do not say: loaded when one has. */
/** Tell a server that is away from one that the page may not read. Every page may read the keys, so they come from an
 * API that is there; where a proxy hides them, any answer will do. Pages that are trusted may read the client, too.
 * @param {import("./types.js").Settings} settings
 * @returns {Promise<"unreachable" | "origin_not_trusted">} */
export declare function codeOf({ baseUrl, name, fetch }: import("./types.js").Settings): Promise<"unreachable" | "origin_not_trusted">;
