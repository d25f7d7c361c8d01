/** Requests of the application: sent with the access token, and once more with a new one where the server asks. */

import { RenewalError, jsonOf, unlessAborted } from "./calls.js";
import { pause, renew } from "./renewal.js";
import { adopt } from "./state.js";
import { ignore } from "./tabs.js";
import { claimsOf, isNewer, left, rest } from "./token.js";

/** @typedef {import("./types.js").Tab} Tab @typedef {import("./types.js").Held} Held */

const ASKS_FOR_RENEWAL = /^(token_|session_ended$)/;

/** @param {Tab} tab @param {RequestInfo | URL} input @param {RequestInit} [init] @returns {Promise<Response>} */
export async function send(tab, input, init) {
  const request = new Request(input instanceof Request ? input : new URL(input, tab.baseUrl), init);
  if (!isOurs(tab, request) || request.headers.has("Authorization")) return tab.fetch(request);
  const oneShot = init?.body instanceof ReadableStream;
  const owner = tab.state.user?.id;
  await prepare(tab, oneShot, request.signal);
  const held = heldFor(tab, owner);
  const response = await attempt(tab, oneShot ? request : request.clone(), held);
  if (tab.state.signedIn === false || !(await asksForRenewal(tab, response))) return response;
  if (held === tab.held) await unlessAborted(renew(tab), request.signal);
  const renewed = heldFor(tab, owner);
  if (oneShot || !renewed || renewed === held) return response;
  const answer = await attempt(tab, request, renewed);
  if (await asksForRenewal(tab, answer)) pause(tab, new RenewalError("token_refused"));
  return answer;
}

/** Renew before sending where a 401 would cost more: no token, a dead one, a body that can be sent only once.
 * @param {Tab} tab @param {boolean} oneShot @param {AbortSignal} signal */
async function prepare(tab, oneShot, signal) {
  if (tab.state.signedIn === false || rest(tab) > 0) return;
  const usable = left(tab) > 0;
  if (usable && !oneShot) return void renew(tab).catch(ignore);
  await unlessAborted(renew(tab), signal).catch((error) => {
    if (signal.aborted || (oneShot && !usable)) throw error;
  });
}

/** What a request may be sent with: never the token of somebody else than the one it was made for.
 * @param {Tab} tab @param {string | undefined} owner */
const heldFor = ({ held }, owner) => (!owner || owner === held?.user.id ? held : null);

/** @param {Tab} tab @param {Request} request @param {Held | null} held */
async function attempt(tab, request, held) {
  const at = tab.clock.wall();
  if (held) request.headers.set("Authorization", "Bearer " + held.access_token);
  const response = await tab.fetch(request);
  const token = isOurs(tab, response) && response.headers.get(tab.header);
  if (token && tab.held) {
    const claims = claimsOf(token);
    const grant = { ...tab.held, access_token: token, expires_in: claims.exp - claims.iat };
    if (isNewer(claims, tab.held)) adopt(tab, grant, at, "renewed");
  }
  return response;
}

/** A redirect may have led elsewhere; a response made by a script has no address.
 * @param {Tab} tab @param {Request | Response} message */
const isOurs = ({ origin }, { url }) => !url || new URL(url).origin === origin;

/** @param {Tab} tab @param {Response} response */
const asksForRenewal = async (tab, response) =>
  response.status === 401 && isOurs(tab, response) && ASKS_FOR_RENEWAL.test((await jsonOf(response.clone()))?.code);
