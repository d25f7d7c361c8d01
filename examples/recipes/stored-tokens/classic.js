import axios from "axios";
import { computed, ref } from "vue";

const options = { baseURL: import.meta.env.VITE_API_URL, withCredentials: true };
export const api = axios.create(options);
const auth = axios.create(options);

const accessToken = ref("");
const bearer = () => (accessToken.value ? `Bearer ${accessToken.value}` : undefined);
export const useSignedIn = () => computed(() => accessToken.value !== "");
let renewal = null;

api.interceptors.request.use((config) => {
  config.headers.Authorization = bearer();
  return config;
});

api.interceptors.response.use(null, async (error) => {
  const { config, response } = error;
  if (!/^(token_|session_ended)/.test(response?.data?.code) || config.replayed) throw error;
  config.replayed = true;
  if (config.headers.Authorization === bearer()) await renew();
  return api(config);
});

const renew = () => (renewal ??= refresh().finally(() => (renewal = null)));

async function refresh() {
  try {
    keep((await auth.post("/auth/refresh")).data);
  } catch (error) {
    if (error.response?.status === 401) forget();
    throw error;
  }
}

function keep({ access_token }) {
  accessToken.value = access_token;
}

function forget() {
  accessToken.value = "";
}

export const signIn = async (credentials) => keep((await auth.post("/auth/login", credentials)).data);

export async function signOut() {
  await auth.post("/auth/logout");
  forget();
}

renew().catch(() => {}); // after a reload the cookie signs in again
