import axios from "axios";

const baseURL = import.meta.env.VITE_API_URL;
export const api = axios.create({ baseURL });
const auth = axios.create({ baseURL, headers: { "X-Refresh-Transport": "body" } });

let refreshing = false;
let queue = []; // requests that wait for the refresh under way

const bearer = () => {
  const token = localStorage.getItem("access_token");
  return token ? `Bearer ${token}` : undefined;
};

api.interceptors.request.use((config) => {
  config.headers.Authorization = bearer();
  return config;
});

api.interceptors.response.use(null, async (error) => {
  const { config, response } = error;
  if (!/^(token_|session_ended)/.test(response?.data?.code) || config.replayed) throw error;
  config.replayed = true;
  if (config.headers.Authorization !== bearer()) return api(config); // renewed while it was under way
  if (refreshing) {
    await new Promise((resolve, reject) => queue.push({ resolve, reject }));
    return api(config);
  }
  refreshing = true;
  try {
    await refresh();
    queue.forEach((task) => task.resolve());
  } catch (refusal) {
    queue.forEach((task) => task.reject(refusal));
    throw refusal;
  } finally {
    queue = [];
    refreshing = false;
  }
  return api(config);
});

async function refresh() {
  try {
    const { data } = await auth.post("/auth/refresh", { refresh_token: localStorage.getItem("refresh_token") });
    keep(data);
  } catch (error) {
    if (error.response?.status === 401) leave(); // anything else may pass: the network, a restart
    throw error;
  }
}

function keep({ access_token, refresh_token }) {
  localStorage.setItem("access_token", access_token);
  localStorage.setItem("refresh_token", refresh_token); // each refresh may bring another one
}

function leave() {
  localStorage.removeItem("access_token");
  localStorage.removeItem("refresh_token");
  location.hash = "#/sign-in";
}

export async function signIn(credentials) {
  const { data } = await auth.post("/auth/login", credentials);
  keep(data);
}

export async function signOut() {
  await auth.post("/auth/logout", { refresh_token: localStorage.getItem("refresh_token") });
  leave();
}
