import ky from "ky";

const auth = ky.create({ baseUrl: import.meta.env.VITE_API_URL, credentials: "include" });
let token = "";

const refreshToken = async () => {
  token = (await auth.post("/auth/refresh").json()).access_token;
  return token;
};

const api = auth.extend({
  retry: { statusCodes: [401] },
  hooks: {
    beforeRequest: [
      ({ request }) => {
        request.headers.set("Authorization", `Bearer ${token}`);
      },
    ],
    beforeRetry: [
      async ({ request }) => {
        request.headers.set("Authorization", `Bearer ${await refreshToken()}`);
      },
    ],
  },
});

export async function signIn(credentials) {
  token = (await auth.post("/auth/login", { json: credentials }).json()).access_token;
}

export const ask = (path) => api.get(path).json();
