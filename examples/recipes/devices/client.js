import axios from "axios";
import { createSession } from "flask-renewal";
import { attachAxios } from "flask-renewal/axios";
import { useSession } from "flask-renewal/react";

const deviceId = (localStorage.device_id ??= crypto.randomUUID());
const session = createSession({ baseUrl: import.meta.env.VITE_API_URL, deviceId });
export const api = attachAxios(axios.create(), session);
session.restore();

export const useAuth = () => useSession(session);
export const signIn = (credentials) => session.login(credentials);
export const signOut = () => session.logout();
