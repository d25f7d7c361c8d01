/** Requests of the application: sent with the access token, and once more with a new one where the server asks. */

import { RenewalError, jsonOf, unlessAborted } from "./calls.js";
import { ignore } from "./tabs.js";
import { claimsOf, isNewer } from "./token.js";

/** @typedef {import("./types.js").Held} Held */

const ASKS_FOR_RENEWAL = /^(token_|session_ended$)/;

/** Owns nothing.
 * @param {import("./types.js").Settings} settings @param {import("./state.js").State} state
 * @param {import("./renewal.js").Renewal} renewal */
export function makeSend(settings, state, { renew, pause }) {
  const { baseUrl, tokenHeader, fetch, clock, header = "X-Renewed-Access-Token" } = settings;

  /** Below the API's own path, if it has one. @param {string | URL} input */
  const addressOf = (input) => new URL(String(input).replace(/^\/(?!\/)/, baseUrl + "/"), baseUrl + "/");

  /** A redirect may have led elsewhere; a response made by a script has no address.
   * @param {Request | Response} message */
  const isOurs = ({ url }) => !url || url.startsWith(baseUrl + "/");

  /** @param {Response} response */
  const asksForRenewal = async (response) =>
    response.status === 401 && isOurs(response) && ASKS_FOR_RENEWAL.test((await jsonOf(response.clone()))?.code);

  /** What a request may be sent with: never the token of somebody else than the one it was made for.
   * @param {string | undefined} owner */
  const heldFor = (owner) => (!owner || owner === state.held()?.user.id ? state.held() : null);

  /** Renew before sending where a 401 would cost more: no token, a dead one, a body that can be sent only once.
   * @param {boolean} oneShot @param {AbortSignal} signal */
  async function prepare(oneShot, signal) {
    if (state.now().signedIn === false || state.rest() > 0) return;
    const usable = state.left() > 0;
    if (usable && !oneShot) return void renew().catch(ignore);
    await unlessAborted(renew(), signal).catch((error) => {
      if (signal.aborted || (oneShot && !usable)) throw error;
    });
  }

  /** Use the token that came along, if it is a newer one of the same session.
   * @param {Response} response @param {number} at when it was asked for, by the time of day */
  function takeAlong(response, at) {
    const renewed = isOurs(response) && response.headers.get(header);
    const held = state.held();
    if (!renewed || !held) return;
    const claims = claimsOf(renewed);
    const grant = { ...held, access_token: renewed, expires_in: claims.exp - claims.iat };
    if (isNewer(claims, held)) state.adopt(grant, at, "renewed");
  }

  /** @param {Request} request @param {Held | null} held @param {typeof globalThis.fetch} by */
  async function attempt(request, held, by) {
    const at = clock.wall();
    if (held) request.headers.set(tokenHeader, held.bearer);
    const response = await by(request);
    takeAlong(response, at);
    return response;
  }

  /** The token by itself, renewed if need be. @param {string} [refused] one that the server did not take
   * @returns {Promise<string | undefined>} */
  async function token(refused) {
    if (refused && refused === state.held()?.access_token) await renew();
    else await prepare(true, new AbortController().signal);
    return state.held()?.access_token;
  }

  /** @param {RequestInfo | URL} input @param {RequestInit} [init] @param {typeof globalThis.fetch} [by] what sends it
   * @returns {Promise<Response>} */
  async function send(input, init, by = fetch) {
    const request = new Request(input instanceof Request ? input : addressOf(input), init);
    if (!isOurs(request) || request.headers.has(tokenHeader)) return by(request);
    const oneShot = init?.body instanceof ReadableStream;
    const owner = state.now().user?.id;
    await prepare(oneShot, request.signal);
    const held = heldFor(owner);
    const response = await attempt(oneShot ? request : request.clone(), held, by);
    if (state.now().signedIn === false || !(await asksForRenewal(response))) return response;
    if (held === state.held()) await unlessAborted(renew(), request.signal);
    const renewed = heldFor(owner);
    if (oneShot || !renewed || renewed === held) return response;
    const answer = await attempt(request, renewed, by);
    if (await asksForRenewal(answer)) pause(new RenewalError("token_refused"));
    return answer;
  }

  return { send, token };
}
