/** The options, with what several files ask for; the others have their default where they are used. */
/** Where a page is rendered there is no address to start at, and nothing is asked for from there.
 * @param {import("./types.js").Options} options @returns {import("./types.js").Settings} */
export declare function complete({ baseUrl, prefix, ...options }: import("./types.js").Options): import("./types.js").Settings;
