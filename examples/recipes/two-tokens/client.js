import axios from "axios";
import { createSession } from "flask-renewal";
import { attachAxios } from "flask-renewal/axios";

const session = createSession({ baseUrl: import.meta.env.VITE_API_URL });
export const api = attachAxios(axios.create(), session);

session.addEventListener("change", ({ detail }) => {
  if (detail.signedIn === false) location.hash = "#/sign-in";
});

export const signIn = (credentials) => session.login(credentials);
export const signOut = () => session.logout();
