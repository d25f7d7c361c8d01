/**
 * The refresh token in the body of requests, kept in the caller's `storage`: for places without a cookie jar. Loaded
 * where `transport` is "body".
 *
 * Several processes may share a storage. Two things are in it: the refresh token, and what the server has yet to be
 * told of a session that was left.
 */

/** @typedef {import("./types.js").Settings} Settings @typedef {import("./types.js").Storage} Storage */

/** What a browser keeps, any script of the page may read. @type {Storage} */
const browser = {
  get: async (key) => localStorage.getItem(key),
  set: async (key, value) => localStorage.setItem(key, value),
  remove: async (key) => localStorage.removeItem(key),
};

/** Send a call to the JSON API as `fetch` would. A new refresh token is kept before anybody has the answer.
 * @param {Settings} settings @param {string} url @param {RequestInit} init @returns {Promise<Response>} */
export async function send({ name, fetch, storage = browser }, url, init) {
  const key = name.replace(/\W+/g, "."); // keystores of telephones take no more than these
  const [kept, unheard] = [key + ".refresh", key + ".left"];
  const path = url.slice(name.length + 1);
  const given = init.body ? await new Response(init.body).json() : {};

  /** @param {object} body @param {string} [to] */
  const post = (body, to = path) => {
    const headers = { ...init.headers, "Content-Type": "application/json", "X-Refresh-Transport": "body" };
    return fetch(name + "/" + to, { ...init, credentials: "omit", headers, body: JSON.stringify(body) });
  };

  /** Whatever becomes of the call, what is left does not come back. @param {string} token @param {object} [options] */
  async function leave(token, options) {
    await storage.set(unheard, JSON.stringify({ ...options, refresh_token: token }));
    await storage.remove(kept);
  }

  /** @returns {Promise<Response | undefined>} */
  async function tell() {
    const body = await storage.get(unheard);
    const answer = body ? await post(JSON.parse(body), "logout") : undefined;
    if (answer?.ok) await storage.remove(unheard);
    return answer;
  }

  /** Another process may have renewed, or signed in anew, since the token was read: then its token counts.
   * @returns {Promise<Response>} */
  async function refresh() {
    const shown = await storage.get(kept);
    const response = await post({ refresh_token: shown ?? undefined });
    const answer = await jsonOf(response);
    const now = await storage.get(kept);
    if (now !== shown) return now && response.status === 401 ? refresh() : response;
    const token = response.ok && answer?.refresh_token;
    if (token && token !== shown) await storage.set(kept, token); // in a quiet answer it is the one that was sent
    if (response.status === 401 && answer?.code !== "device_mismatch") await storage.remove(kept);
    return response;
  }

  const shown = await storage.get(kept);
  if (path === "logout") {
    if (shown) await leave(shown, given);
    return (await tell()) ?? post(given);
  }
  if (path === "refresh") {
    await tell();
    return refresh();
  }
  const response = await post(given);
  const token = response.ok && (await jsonOf(response))?.refresh_token;
  if (!token) return response;
  if (shown) await leave(shown);
  await storage.set(kept, token);
  tell().catch(() => {}); // of the session that this one replaces
  return response;
}

/** @param {Response} response @returns {Promise<any>} */
const jsonOf = (response) => response.clone().json().catch(() => null);
