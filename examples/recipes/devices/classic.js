import axios from "axios";
import { useSyncExternalStore } from "react";

const deviceId = (localStorage.device_id ??= crypto.randomUUID());
const baseURL = import.meta.env.VITE_API_URL;
export const api = axios.create({ baseURL });
const auth = axios.create({ baseURL, headers: { "X-Refresh-Transport": "body", "X-Device-Id": deviceId } });

const tokens = () => JSON.parse(localStorage.getItem("tokens")); // another tab may have renewed them
const bearer = () => (tokens() ? `Bearer ${tokens().access_token}` : undefined);
let state = { signedIn: tokens() !== null, reason: "" };
let renewal = null;
const listeners = new Set();

function become(signedIn, reason) {
  state = { signedIn, reason };
  listeners.forEach((changed) => changed());
}

function subscribe(changed) {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

export const useAuth = () => useSyncExternalStore(subscribe, () => state);

api.interceptors.request.use((config) => {
  config.headers.Authorization = bearer();
  return config;
});

api.interceptors.response.use(null, async (error) => {
  const { config, response } = error;
  if (!/^(token_|session_ended)/.test(response?.data?.code) || config.replayed) throw error;
  config.replayed = true;
  if (config.headers.Authorization === bearer()) await (renewal ??= refresh().finally(() => (renewal = null)));
  return api(config);
});

async function refresh() {
  try {
    const { data } = await auth.post("/auth/refresh", { refresh_token: tokens()?.refresh_token });
    localStorage.setItem("tokens", JSON.stringify(data));
  } catch (error) {
    if (error.response?.status === 401) leave(error.response.data.code);
    throw error;
  }
}

function leave(reason) {
  if (reason !== "device_mismatch") localStorage.removeItem("tokens"); // those are still good, on their own device
  become(false, reason);
}

export async function signIn(credentials) {
  const { data } = await auth.post("/auth/login", { ...credentials, device_id: deviceId });
  localStorage.setItem("tokens", JSON.stringify(data));
  become(true, "login");
}

export async function signOut() {
  await auth.post("/auth/logout", { refresh_token: tokens()?.refresh_token });
  leave("logout");
}
