/** What the codes of the server and the verdicts of its rule mean, in plain words. */

export const REASONS = {
  logout: "Signed out",
  refresh_token_missing: "Not signed in",
  session_ended: "Signed out by the server: session ended",
  refresh_token_reused: "Signed out by the server: token used twice",
  refresh_token_invalid: "The refresh token is not one of this server.",
  session_expired: "The session is over: it was not used for too long.",
  account_disabled: "The account was disabled.",
  session_replaced: "Another session has begun here.",
  unreachable: "The server cannot be reached. It is asked again; nobody is signed out for that.",
};

/** The server ended it: nobody here asked for that. */
export const ENDS = new Set(["session_ended", "refresh_token_reused", "session_expired", "account_disabled"]);

const VERDICTS = {
  rotate: "Rotated: presenting this token proves that it arrived, so the next one is handed out.",
  quiet: "Quiet: somebody was faster a moment ago. A new access token, no new cookie, nothing written.",
  replace: "Replaced: its successor was handed out and never seen, so it was lost. Here is another.",
  reuse: "Reuse: two parties hold tokens of this session. It is ended, for both.",
  ended: "The session was ended; the cookie is deleted.",
};

const TRICKS = {
  stole: "copied the refresh cookie from the browser",
  lost: "threw the answer away: the server has renewed, the page has not heard of it",
};

const CODES = {
  token_expired: "The access token is dead. The client renews once and sends this again.",
  session_ended: "The session has ended. The client asks whether it can be renewed.",
  token_missing: "No access token was sent.",
  refresh_token_missing: "No cookie: nobody is signed in.",
  invalid_credentials: "Wrong user name or password.",
};

const TOKENS = "The access token is in the answer, the refresh token in a cookie that no script reads.";
const STRICT = {
  rotated: "Good once: used up, and here is the next one.",
  refresh_token_reused: "Used twice: the strict rule ends the session.",
  session_ended: "The session has ended.",
  token_expired: "The access token is dead. The client renews, once for each request.",
};

/** One sentence about an entry of the time line. */
export function explain({ trick, path, method, status, verdict, code, header, received }) {
  if (trick) return TRICKS[trick];
  if (header) return "This answer brought a new access token along, in a response header.";
  if (path.endsWith("/login") && received) return TOKENS;
  if (path.startsWith("/strict/")) return STRICT[code] ?? CODES[code] ?? (received ? STRICT.rotated : "");
  if (path === "/auth/refresh" && verdict) return VERDICTS[verdict] ?? CODES[code] ?? "";
  if (code) return CODES[code] ?? code;
  if (path === "/auth/logout") return "The session is ended and the cookie deleted.";
  if (method === "DELETE" && status === 204) return "That session is ended, on every server within a second.";
  return received === "" ? "The cookie was deleted." : "";
}
