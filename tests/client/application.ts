/** An application in TypeScript: what it may rely on, and what it is told to be wrong. Compiled, never run. */

import axios, { type AxiosInstance } from "axios";
import { createSession, RenewalError, type Options, type Refusal, type Session, type SessionState } from "flask-renewal";
import { accountOf } from "flask-renewal/account";
import { injectSession } from "flask-renewal/angular";
import { renewing } from "flask-renewal/angular-http";
import { attachAxios } from "flask-renewal/axios";
import { useSession } from "flask-renewal/react";
import { useSession as useSolidSession } from "flask-renewal/solid";
import { storeOf } from "flask-renewal/svelte";
import { useSession as useVueSession } from "flask-renewal/vue";

const options: Options = { tokenHeader: "X-Access-Token", tokenScheme: "", deviceId: "laptop" };
const session: Session = createSession(options);
const native: Session = createSession({
  baseUrl: "https://api.example.com/app",
  transport: "body",
  storage: { get: async () => null, set: async () => {}, remove: async () => {} },
});
// @ts-expect-error there is no such transport
createSession({ transport: "header" });
const api: AxiosInstance = attachAxios(axios.create(), session);
const { signedIn, user } = useSession(session);
const state = useVueSession(session);

function told(state: SessionState): string {
  if (state.signedIn) return state.user.id + state.session.id;
  if (state.signedIn === null) return state.reason;
  const refusal: Refusal | undefined = state.refusal;
  if (refusal?.code === "session_ended" && refusal.reason === "password_changed") return "Your password was changed.";
  // @ts-expect-error there is no such reason
  if (refusal?.reason === "bored") return "";
  // @ts-expect-error there is no such code
  if (state.reason === "token_lost") return "";
  // @ts-expect-error nobody is signed in
  return state.user.id;
}

const changed = ({ detail }: CustomEvent<SessionState>): void => console.log(told(detail));
session.addEventListener("change", changed);
session.addEventListener("change", ({ detail }) => console.log(told(detail)));
session.removeEventListener("change", changed);

export const token: Promise<string | undefined> = native.token();
export const left: Promise<number> = accountOf(session).endOtherSessions();
export const adapted = [renewing(session), injectSession(session)().signedIn, useSolidSession(session)().user?.id];
storeOf(session).subscribe((state) => console.log(told(state)))();
export const answer: Promise<Response> = session.fetch("/reports");
try {
  await session.login({ username: "alice", password: "correct horse" });
} catch (error) {
  if (error instanceof RenewalError && error.code === "invalid_credentials") console.log(error.status, error.cause);
}
console.log(api.defaults.baseURL, signedIn, user?.username, state.value.user?.username);
