const ACCESS = /^(__Host-(Http-)?)?access_token(_\d+)?=/;

/** Who asks for a page that is rendered here: a name, or null where that is not known.
 *
 * Only the access cookie is shown to the API. What is not shown cannot be rotated, so no answer has to bring a new
 * cookie to the browser; who has none that is good is known in the browser, a moment later. */
export async function visitorOf({ headers }, api) {
  const shown = (headers.cookie ?? "").split("; ").filter((cookie) => ACCESS.test(cookie)).join("; ");
  if (!shown) return null;
  const { host, "x-forwarded-proto": scheme = "http" } = headers;
  const asked = { Cookie: shown, "X-Forwarded-Host": host, "X-Forwarded-Proto": scheme, "X-Forwarded-Method": "GET" };
  const answer = await fetch(api + "/auth/verify", { headers: asked });
  return answer.status === 204 ? decodeURIComponent(answer.headers.get("X-Auth-Username")) : null;
}
