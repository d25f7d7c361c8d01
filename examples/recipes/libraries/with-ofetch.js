import { ofetch } from "ofetch";

const options = { baseURL: import.meta.env.VITE_API_URL, credentials: "include" };
const auth = ofetch.create(options);
let token = "";

const api = ofetch.create({
  ...options,
  retry: 1,
  retryStatusCodes: [401],
  onRequest({ options: { headers } }) {
    headers.set("Authorization", `Bearer ${token}`);
  },
  async onResponseError({ response }) {
    if (response.status === 401) token = (await auth("/auth/refresh", { method: "POST" })).access_token;
  },
});

export async function signIn(credentials) {
  token = (await auth("/auth/login", { method: "POST", body: credentials })).access_token;
}

export const ask = (path) => api(path);
