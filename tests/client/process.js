/** One process of several that share a storage, a folder: `node process.js ADDRESS FOLDER WHAT…` does WHAT and prints. */

import { readFile, rename, rm, writeFile } from "node:fs/promises";

import { createSession } from "../../src/browser/client.js";

const [baseUrl, folder, what, ...given] = process.argv.slice(2);
const missing = (error) => {
  if (error.code !== "ENOENT") throw error;
};
const storage = {
  get: (key) => readFile(`${folder}/${key}`, "utf8").catch(missing),
  set: async (key, value) => {
    await writeFile(`${folder}/${key}.${process.pid}`, value);
    await rename(`${folder}/${key}.${process.pid}`, `${folder}/${key}`);
  },
  remove: (key) => rm(`${folder}/${key}`, { force: true }),
};
const session = createSession({ baseUrl, transport: "body", storage });

const DOES = {
  login: (username, password) => session.login({ username, password }),
  restore: () => session.restore(),
  async logout() {
    await session.restore();
    await session.logout();
  },
  /** Renew as often as asked, as a clock that runs fast would. */
  async renew(times) {
    for (let token = await session.token(); token && times > 0; times--) token = await session.token(token);
  },
};
await DOES[what](...given);
console.log(JSON.stringify([session.state.signedIn, session.state.reason]));
session.stop();
