// Better Auth on PostgreSQL, with its defaults: a session row and an opaque cookie, no refresh token to rotate.

import cluster from "node:cluster";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/`);
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { betterAuth } = await load("better-auth");
const { toNodeHandler, fromNodeHeaders } = await load("better-auth/node");
const { getMigrations } = await load("better-auth/db/migration").catch(() => load("better-auth/db"));
const { Pool } = require("pg");

const options = {
  secret: "a secret of the benchmark, 32 by",
  baseURL: `http://127.0.0.1:${process.env.PORT}`,
  database: new Pool({ connectionString: process.env.BENCHMARK_URI, max: 16 }),
  trustedOrigins: ["http://127.0.0.1"], // what the load says, on whatever port
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  session: { cookieCache: { enabled: process.env.BENCHMARK_COOKIE_CACHE === "1", maxAge: 300 } },
  telemetry: { enabled: false },
};

if (cluster.isPrimary) {
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  for (let worker = 0; worker < 2; worker += 1) cluster.fork();
  process.on("SIGTERM", () => process.exit(0));
} else {
  const auth = betterAuth(options);
  const theirs = toNodeHandler(auth);
  createServer(async (request, response) => {
    if (request.url === "/hello") {
      response.end("hello");
    } else if (request.url === "/guarded") {
      const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
      response.statusCode = session ? 200 : 401;
      response.end("hello");
    } else {
      await theirs(request, response);
    }
  }).listen(Number(process.env.PORT), "127.0.0.1");
}
