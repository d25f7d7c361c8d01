// Express with two tokens: a short JSON Web Token, and an opaque refresh token of which the hash is stored and which a
// transaction replaces on use. Two workers, as the others have.

import cluster from "node:cluster";
import { createHash, randomBytes } from "node:crypto";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const express = require("express");
const jwt = require("jsonwebtoken");
const { Pool } = require("pg");

const SECRET = "a secret of the benchmark, 32 by";
const hash = (text) => createHash("sha256").update(text).digest("hex");
const pool = new Pool({ connectionString: process.env.BENCHMARK_URI, max: 16 });
const accessToken = () => jwt.sign({ sub: "alice" }, SECRET, { expiresIn: "15m" });

async function store(client) {
  const token = randomBytes(32).toString("base64url");
  await client.query({
    name: "insert",
    text: "INSERT INTO express_token (hash, user_id, expires_at) VALUES ($1, $2, now() + interval '7 days')",
    values: [hash(token), "alice"],
  });
  return token;
}

function guard(request, response, next) {
  try {
    request.user = jwt.verify((request.headers.authorization ?? "").slice(7), SECRET);
    next();
  } catch {
    response.sendStatus(401);
  }
}

async function refresh(request, response) {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const found = await client.query({
      name: "delete",
      text: "DELETE FROM express_token WHERE hash = $1 AND expires_at > now() RETURNING user_id",
      values: [hash(request.body.refresh_token ?? "")],
    });
    if (found.rowCount !== 1) {
      await client.query("ROLLBACK");
      response.sendStatus(401);
      return;
    }
    const token = await store(client);
    await client.query("COMMIT");
    response.json({ access_token: accessToken(), refresh_token: token });
  } finally {
    client.release();
  }
}

if (cluster.isPrimary) {
  await pool.query(
    "CREATE TABLE IF NOT EXISTS express_token (hash text PRIMARY KEY, user_id text NOT NULL, expires_at timestamptz NOT NULL)",
  );
  await pool.end();
  for (let worker = 0; worker < 2; worker += 1) cluster.fork();
  process.on("SIGTERM", () => process.exit(0));
} else {
  const app = express();
  app.use(express.json());
  app.get("/hello", (request, response) => response.send("hello"));
  app.post("/login", async (request, response) =>
    response.json({ access_token: accessToken(), refresh_token: await store(pool) }),
  );
  app.get("/guarded", guard, (request, response) => response.send("hello"));
  app.post("/refresh", refresh);
  app.listen(Number(process.env.PORT), "127.0.0.1");
}
