import axios from "axios";

const options = { baseURL: import.meta.env.VITE_API_URL, withCredentials: true };
export const api = axios.create(options);
const auth = axios.create(options); // without interceptors: a refused refresh must not ask for a refresh

let accessToken = ""; // gone with the page, and in no storage that a script could read
let refreshing = false;
let queue = []; // requests that wait for the refresh under way

const bearer = () => (accessToken ? `Bearer ${accessToken}` : undefined);

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
    const { data } = await auth.post("/auth/refresh");
    accessToken = data.access_token;
  } catch (error) {
    if (error.response?.status === 401) leave(); // anything else may pass: the network, a restart
    throw error;
  }
}

function leave() {
  accessToken = "";
  location.hash = "#/sign-in";
}

export async function signIn(credentials) {
  const { data } = await auth.post("/auth/login", credentials);
  accessToken = data.access_token;
}

export async function signOut() {
  await auth.post("/auth/logout");
  leave();
}
