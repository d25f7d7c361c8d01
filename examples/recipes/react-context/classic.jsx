import axios from "axios";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { AuthContext } from "./context.js";

const baseURL = import.meta.env.VITE_API_URL;
const auth = axios.create({ baseURL, headers: { "X-Refresh-Transport": "body" } });

export function AuthProvider({ children }) {
  const [tokens, setState] = useState(() => JSON.parse(localStorage.getItem("tokens")));
  const latest = useRef(tokens); // interceptors outlive the rendering that made them

  const setTokens = useCallback(({ access_token, refresh_token }) => {
    latest.current = { access_token, refresh_token };
    localStorage.setItem("tokens", JSON.stringify(latest.current));
    setState(latest.current);
  }, []);

  const clearTokens = useCallback(() => {
    latest.current = null;
    localStorage.removeItem("tokens");
    setState(null);
  }, []);

  const api = useMemo(() => axios.create({ baseURL }), []);

  useEffect(() => {
    let renewal = null;
    const bearer = () => (latest.current ? `Bearer ${latest.current.access_token}` : undefined);

    async function refresh() {
      try {
        const { data } = await auth.post("/auth/refresh", { refresh_token: latest.current?.refresh_token });
        setTokens(data);
      } catch (error) {
        if (error.response?.status === 401) clearTokens();
        throw error;
      }
    }

    const sending = api.interceptors.request.use((config) => {
      config.headers.Authorization = bearer();
      return config;
    });
    const answered = api.interceptors.response.use(null, async (error) => {
      const { config, response } = error;
      if (!/^(token_|session_ended)/.test(response?.data?.code) || config.replayed) throw error;
      config.replayed = true;
      if (config.headers.Authorization === bearer()) await (renewal ??= refresh().finally(() => (renewal = null)));
      return api(config);
    });
    return () => {
      api.interceptors.request.eject(sending);
      api.interceptors.response.eject(answered);
    };
  }, [api, setTokens, clearTokens]);

  const value = useMemo(() => {
    const signIn = async (credentials) => setTokens((await auth.post("/auth/login", credentials)).data);
    const signOut = async () => {
      await auth.post("/auth/logout", { refresh_token: latest.current?.refresh_token });
      clearTokens();
    };
    return { signedIn: tokens !== null, api, setTokens, clearTokens, signIn, signOut };
  }, [tokens, api, setTokens, clearTokens]);

  return <AuthContext value={value}>{children}</AuthContext>;
}
