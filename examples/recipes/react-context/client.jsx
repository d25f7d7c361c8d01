import axios from "axios";
import { createSession } from "flask-renewal";
import { attachAxios } from "flask-renewal/axios";
import { useSession } from "flask-renewal/react";
import { useEffect, useMemo } from "react";
import { AuthContext } from "./context.js";

const session = createSession({ baseUrl: import.meta.env.VITE_API_URL });
const api = attachAxios(axios.create(), session);
const signIn = (credentials) => session.login(credentials);
const signOut = () => session.logout();

export function AuthProvider({ children }) {
  const { signedIn } = useSession(session);
  useEffect(() => void session.restore(), []);
  const value = useMemo(() => ({ signedIn, api, signIn, signOut }), [signedIn]);
  return <AuthContext value={value}>{children}</AuthContext>;
}
