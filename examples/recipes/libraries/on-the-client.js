import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { QueryClient } from "@tanstack/query-core";
import { createTRPCClient, httpLink } from "@trpc/client";
import axios from "axios";
import { EventSource } from "eventsource";
import { attachAxios } from "flask-renewal/axios";
import ky from "ky";
import { ofetch } from "ofetch";
import { mutate } from "swr";
import * as tus from "tus-js-client";
import wretch from "wretch";

/** Whatever takes a `fetch` takes the session's. */
const json = async (response) => (response.ok ? response.json() : Promise.reject(new Error(response.status)));

export const LIBRARIES = {
  fetch: (session) => (path) => session.fetch(path).then(json),

  axios(session) {
    const api = attachAxios(axios.create(), session);
    return async (path) => (await api.get(path)).data;
  },

  ky(session) {
    const api = ky.create({ prefix: session.baseUrl, fetch: session.fetch, retry: 0 });
    return (path) => api.get(path.slice(1)).json();
  },

  ofetch(session) {
    const api = ofetch.create({ baseURL: session.baseUrl, retry: 0 }, { fetch: session.fetch });
    return (path) => api(path);
  },

  wretch(session) {
    const api = wretch(session.baseUrl).polyfills({ fetch: session.fetch });
    return (path) => api.get(path).json();
  },

  "TanStack Query"(session) {
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    return (path) => queries.fetchQuery({ queryKey: [path], queryFn: () => session.fetch(path).then(json) });
  },

  SWR: (session) => (path) => mutate(path, session.fetch(path).then(json)),

  Apollo(session) {
    const link = new HttpLink({ uri: session.baseUrl + "/graphql", fetch: session.fetch });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const query = gql`query Thing($path: String!) { path(of: $path) }`;
    return async (path) => (await client.query({ query, variables: { path } })).data;
  },

  tRPC(session) {
    const client = createTRPCClient({ links: [httpLink({ url: session.baseUrl + "/trpc", fetch: session.fetch })] });
    return (path) => client.thing.query(path);
  },

  EventSource: (session) => (path) =>
    new Promise((resolve, reject) => {
      const source = new EventSource(session.baseUrl + "/events" + path, { fetch: session.fetch });
      source.onmessage = ({ data }) => (source.close(), resolve(JSON.parse(data)));
      source.onerror = ({ message }) => (source.close(), reject(new Error(message)));
    }),

  /** It sends by itself, so it asks for the token, and after a 401 for another one. */
  tus: (session) => (path) =>
    new Promise((resolve, reject) => {
      let token;
      const upload = new tus.Upload(new Blob([path]), {
        endpoint: session.baseUrl + "/uploads",
        retryDelays: [0],
        async onBeforeRequest(request) {
          token = await session.token();
          request.setHeader("Authorization", `Bearer ${token}`);
        },
        async onAfterResponse(_, response) {
          if (response.getStatus() === 401) await session.token(token);
        },
        onShouldRetry: ({ originalResponse }) => originalResponse?.getStatus() === 401,
        onError: reject,
        onSuccess: () => resolve({ path }),
      });
      upload.start();
    }),
};
