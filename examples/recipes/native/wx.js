/* global wx */

const EMPTY = new Set([204, 205, 304]);

/** `fetch` by a mini program's own request. */
export async function wxFetch(input, init) {
  const request = new Request(input, init);
  const data = request.body ? await request.arrayBuffer() : undefined;
  const { url, method, headers, signal } = request;
  return new Promise((resolve, reject) => {
    const task = wx.request({
      url, method, data, header: Object.fromEntries(headers), responseType: "arraybuffer",
      success: ({ statusCode: status, header, data }) =>
        resolve(new Response(EMPTY.has(status) ? null : data, { status, headers: header })),
      fail: ({ errMsg }) => reject(new TypeError(errMsg)),
    });
    signal.addEventListener("abort", () => {
      task.abort();
      reject(signal.reason);
    });
  });
}

/** What the session keeps, in the mini program's own storage. */
export const wxStorage = {
  get: async (key) => wx.getStorageSync(key),
  set: async (key, value) => wx.setStorageSync(key, value),
  remove: async (key) => wx.removeStorageSync(key),
};
