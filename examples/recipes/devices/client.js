import axios from "axios";
import { createSession } from "flask-renewal";
import { attachAxios } from "flask-renewal/axios";
import { useSession } from "flask-renewal/react";

const deviceId = (localStorage.device_id ??= crypto.randomUUID());
const baseUrl = import.meta.env.VITE_API_URL;

function fetchFromThisDevice(input, init) {
  const request = new Request(input, init);
  if (request.url === `${baseUrl}/auth/refresh`) request.headers.set("X-Device-Id", deviceId);
  return fetch(request);
}

const session = createSession({ baseUrl, fetch: fetchFromThisDevice });
export const api = attachAxios(axios.create(), session);
session.restore();

export const useAuth = () => useSession(session);
export const signIn = (credentials) => session.login({ ...credentials, device_id: deviceId });
export const signOut = () => session.logout();
