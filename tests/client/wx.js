/** A mini program's `wx.request`, as far as its documentation tells, over any fetch. */

import { wxFetch } from "../../examples/recipes/native/wx.js";

/** @returns {{wxFetch: typeof fetch, asked: object[]}} `asked` has every request */
export function makeWx(fetch) {
  const asked = [];
  globalThis.wx = {
    request({ url, method, data, header, responseType, success, fail }) {
      const leaving = new AbortController();
      asked.push({ url, method, header });
      const body = method === "GET" ? undefined : data;
      fetch(url, { method, body, headers: header, signal: leaving.signal })
        .then(async (response) => {
          const bytes = responseType === "arraybuffer" ? await response.arrayBuffer() : await response.text();
          success({ statusCode: response.status, header: Object.fromEntries(response.headers), data: bytes });
        })
        .catch((error) => fail({ errMsg: `request:fail ${error.message}` }));
      return { abort: () => leaving.abort() };
    },
  };
  return { wxFetch, asked };
}
