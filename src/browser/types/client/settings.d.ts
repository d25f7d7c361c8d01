/** The options, with what several files ask for; the others have their default where they are used. */
/** @param {import("./types.js").Options} options @returns {import("./types.js").Settings} */
export declare function complete({ baseUrl, prefix, ...options }: import("./types.js").Options): import("./types.js").Settings;
