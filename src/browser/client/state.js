/** Who is signed in, as far as this page knows: what changes it, and whom it tells. */

import { RenewalError } from "./calls.js";
import { makeChannel } from "./tabs.js";
import { hold, isNewer } from "./token.js";

/** @typedef {import("./types.js").SessionState} SessionState @typedef {import("./types.js").Held} Held */
/** @typedef {import("./types.js").Refusal} Refusal @typedef {import("./types.js").Message} Message */
/** @typedef {ReturnType<typeof makeState>} State */

/** Owns the state and the token that goes with it.
 * @param {import("./types.js").Settings} settings @param {(state: SessionState) => void} changed */
export function makeState(settings, changed) {
  const { clock } = settings;
  /** @type {SessionState} */ let now = { signedIn: null, reason: "unknown" };
  /** @type {Held | null} */ let held = null;
  /** @type {string | undefined} */ let ended; // the session last signed out of: no message brings it back,
  /** @type {any} */ let leftAt; // nor, where this tab knew of none, what was asked for before it signed out
  let era = new AbortController(); // what began in an earlier one is dropped
  const { tell, close } = makeChannel(settings, hear);

  /** What is left of the token's life, in ms; 0 without one. A monotonic clock may stand still while the machine
   * sleeps, and the time of day may be set back, so the later of the two counts. */
  const left = () => (held ? held.life - Math.max(clock.now() - held.since, clock.wall() - held.at) : 0);

  /** How long the token need not be renewed, in ms. */
  const rest = () => left() - (held?.margin ?? 0);

  /** @param {boolean | null} signedIn @param {string} reason
   * @param {Refusal} [refusal] */
  function become(signedIn, reason, refusal) {
    now = /** @type {SessionState} */ ({ signedIn, user: held?.user, session: held?.session, reason, refusal });
    changed(now);
  }

  /** Begin anew: whatever is under way for the present session no longer counts. */
  function begin() {
    era.abort(new RenewalError("superseded"));
    era = new AbortController();
  }

  /** @param {import("./types.js").Grant} grant @param {number} at when it was asked for, by the time of day
   * @param {string} reason @param {boolean} [quietly] other tabs are not told */
  function adopt(grant, at, reason, quietly) {
    held = hold(settings, grant, at);
    if (!quietly) tell({ grant: held, reason });
    become(true, reason);
  }

  /** @param {string} reason @param {Refusal} [refusal] @param {boolean} [quietly] other tabs are not told */
  function end(reason, refusal, quietly) {
    begin();
    ended = held?.session.id;
    leftAt = reason === "logout" && clock.wall();
    held = null;
    if (!quietly) tell({ ended, reason, refusal });
    become(false, reason, refusal);
  }

  /** @param {Held} grant of another tab */
  function isNews({ claims, session, at }) {
    if (!held) return ended ? session.id !== ended : !(at <= leftAt);
    if (session.id !== held.session.id) return session.created_at > held.session.created_at;
    // a password proved in this tab is not undone because another one renewed
    return isNewer(claims, held) && !(held.claims.fresh && rest() > 0);
  }

  /** Take in what another tab says. @param {Message} message */
  function hear({ grant, ended, reason, refusal }) {
    const session = held?.session.id;
    if (ended && now.signedIn !== false && (session ?? ended) === ended) end(reason, refusal, true);
    if (grant && isNews(grant)) {
      if (session !== grant.session.id) begin();
      adopt(grant, grant.at, reason, true);
    }
  }

  return {
    left, rest, begin, adopt, end,
    now: () => now,
    held: () => held,
    /** Aborts when what began under it no longer counts. */
    era: () => era.signal,
    /** The server could not be heard. @param {string} code */
    wonder(code) {
      if (now.signedIn === null) become(null, code);
    },
    stop() {
      begin();
      close();
    },
  };
}
