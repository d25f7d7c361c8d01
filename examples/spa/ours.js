/**
 * With Flask-Renewal, this is all. Then:
 *
 *   await session.login({ username, password });
 *   const response = await session.fetch("/reports/1");
 *   await session.logout();
 */

import { createSession } from "flask-renewal";

export function createOurs(api, changed) {
  const session = createSession({ baseUrl: api });
  session.addEventListener("change", ({ detail }) => changed(detail));
  session.restore(); // after a reload, the cookie brings the session back
  return session;
}
