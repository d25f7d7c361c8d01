/**
 * The refresh token in the body of requests, kept in the caller's `storage`: for places without a cookie jar. Loaded
 * where `transport` is "body".
 *
 * Several processes may share a storage. Two things are in it: the refresh token, and what the server has yet to be
 * told of a session that was left.
 */
export type Settings = import("./types.js").Settings;
export type Storage = import("./types.js").Storage;
/** Send a call to the JSON API as `fetch` would. A new refresh token is kept before anybody has the answer.
 * @param {Settings} settings @param {string} url @param {RequestInit} init @returns {Promise<Response>} */
export declare function send({ name, fetch, storage }: Settings, url: string, init: RequestInit): Promise<Response>;
