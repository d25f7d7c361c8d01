/**
 * What the browser client weighs beside its peers: the same bundler, minifier and gzip, in one run.
 *
 *     npm ci --prefix src/browser && node benchmarks/client_size.mjs
 *
 * Counted is what a page loads; what it loads later, and only where it is needed, stands by itself. Ends with 1 if the
 * core is over its limit. Axios itself is not counted for axios-auth-refresh, although it cannot do without; nor React
 * and Vue for the adapters.
 */

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 3_540;
const browser = fileURLToPath(new URL("../src/browser/", import.meta.url));
const require = createRequire(browser);
const { build } = require("esbuild");

const CORE = "flask-renewal";
const LATER = ["./body.js", "./diagnosis.js"];
const SUBJECTS = {
  [CORE]: 'export * from "./client.js"',
  "flask-renewal with attachAxios": 'export * from "./client.js"; export * from "./axios.js"',
  "flask-renewal with React": 'export * from "./client.js"; export * from "./react.js"',
  "flask-renewal with Vue": 'export * from "./client.js"; export * from "./vue.js"',
  "flask-renewal, for the body transport": 'export * from "./client/body.js"',
  "flask-renewal, after a failure": 'export * from "./client/diagnosis.js"',
  "axios-auth-refresh": 'export { default } from "axios-auth-refresh"',
  "supertokens-website": 'export { default } from "supertokens-website"',
};

const version = (name) => (name.startsWith(CORE) ? "" : require(`${browser}node_modules/${name}/package.json`).version);

/** @returns {Promise<Uint8Array>} one minified ES module with all it imports */
async function bundle(contents) {
  const result = await build({
    stdin: { contents, resolveDir: browser }, bundle: true, minify: true, format: "esm", target: "es2022",
    platform: "browser", external: [...LATER, "axios", "react", "vue"], write: false, logLevel: "error",
  });
  return result.outputFiles[0].contents;
}

console.log("minified  + gzip  package");
let core = 0;
for (const [name, contents] of Object.entries(SUBJECTS)) {
  const minified = await bundle(contents);
  const zipped = gzipSync(minified, { level: 9 }).length;
  if (name === CORE) core = zipped;
  console.log(`${minified.length}`.padStart(8), `${zipped}`.padStart(7), "", name, version(name));
}
console.log(`The core may weigh ${LIMIT} bytes and weighs ${core}.`);
process.exitCode = core > LIMIT ? 1 : 0;
