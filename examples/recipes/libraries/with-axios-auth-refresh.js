import axios from "axios";
import { createAuthRefresh } from "axios-auth-refresh";

const api = axios.create({ baseURL: import.meta.env.VITE_API_URL, withCredentials: true });
let token = "";

api.interceptors.request.use((request) => {
  if (token) request.headers.Authorization = `Bearer ${token}`;
  return request;
});

async function refresh() {
  const { data } = await api.post("/auth/refresh", null, { skipAuthRefresh: true });
  token = data.access_token;
}

// by default it refuses the requests that were under way when the refresh began; so they wait for the same refresh
createAuthRefresh(api, refresh, { deduplicateRefresh: false });

export async function signIn(credentials) {
  const { data } = await api.post("/auth/login", credentials, { skipAuthRefresh: true });
  token = data.access_token;
}

export const ask = async (path) => (await api.get(path)).data;
