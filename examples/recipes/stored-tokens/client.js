import axios from "axios";
import { createSession } from "flask-renewal";
import { attachAxios } from "flask-renewal/axios";
import { useSession } from "flask-renewal/vue";
import { computed } from "vue";

const session = createSession({ baseUrl: import.meta.env.VITE_API_URL });
export const api = attachAxios(axios.create(), session);
session.restore();

export function useSignedIn() {
  const state = useSession(session);
  return computed(() => state.value.signedIn);
}

export const signIn = (credentials) => session.login(credentials);
export const signOut = () => session.logout();
