import axios from "axios";
import { ref } from "vue";

export const api = axios.create({ baseURL: import.meta.env.VITE_API_URL });

const signedIn = ref(localStorage.getItem("token") !== null);
export const useSignedIn = () => signedIn;

api.interceptors.request.use((config) => {
  const token = localStorage.getItem("token");
  if (token) config.headers.Authorization = `Bearer ${token}`;
  return config;
});

api.interceptors.response.use(
  (response) => {
    renewWith(response);
    return response;
  },
  (error) => {
    if (error.response?.status === 401) forget();
    else if (error.response) renewWith(error.response); // a 404 may carry a token as well
    throw error;
  },
);

function renewWith({ headers: { token } }) {
  // an answer that comes in after signing out must not sign in again
  if (token && localStorage.getItem("token")) localStorage.setItem("token", token);
}

function forget() {
  localStorage.removeItem("token");
  signedIn.value = false;
}

export async function signIn(credentials) {
  const { data } = await api.post("/auth/login", credentials);
  localStorage.setItem("token", data.access_token);
  signedIn.value = true;
}

export async function signOut() {
  await api.post("/auth/logout");
  forget();
}
