/** The client that everybody writes: a token in memory, a refresh on 401, no locks. */

export function createUsual(api, changed) {
  let token = null;
  let endsAt = 0;

  const send = (url, init = {}) =>
    fetch(url, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });

  async function post(path, body = {}) {
    const response = await fetch(api + path, {
      method: "POST",
      credentials: "include",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = response.status === 204 ? {} : await response.json();
    if (!response.ok) throw Object.assign(new Error(answer.title), answer);
    return answer;
  }

  function keep({ access_token, expires_in }, reason) {
    token = access_token ?? null;
    endsAt = Date.now() + 1000 * (expires_in ?? 0);
    changed({ signedIn: token !== null, reason });
  }

  async function refresh() {
    try {
      keep(await post("/refresh"), "renewed");
    } catch (error) {
      if (error.status === 401) keep({}, error.code);
      throw error;
    }
  }

  return {
    restore: () => refresh().catch(() => {}),
    login: async (credentials) => keep(await post("/login", credentials), "login"),
    logout: async () => keep(await post("/logout"), "logout"),
    async fetch(url, init) {
      const response = await send(url, init);
      if (response.status !== 401) return response;
      await refresh();
      return send(url, init);
    },
    get signedIn() { return token !== null; },
    get expiresIn() { return Math.max(0, (endsAt - Date.now()) / 1000); },
  };
}
