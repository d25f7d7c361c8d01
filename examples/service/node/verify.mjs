/** Verifies an access token by each of three libraries: `node verify.mjs ISSUER_URL TOKEN` prints what they say. */
import { expressjwt } from "express-jwt";
import { createRemoteJWKSet, jwtVerify } from "jose";
import jwt from "jsonwebtoken";
import jwksRsa from "jwks-rsa";

const [address, token] = process.argv.slice(2);
const jwksUri = `${address}/.well-known/jwks.json`;
const expected = { issuer: "flask-renewal", audience: "flask-renewal" };
const algorithms = ["ES256", "ES384", "ES512", "RS256", "PS256"];

/** https://github.com/panva/jose */
async function byJose() {
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwksUri)), { ...expected, typ: "at+jwt" });
  return payload;
}

/** https://github.com/auth0/node-jsonwebtoken with https://github.com/auth0/node-jwks-rsa */
async function byJsonwebtoken() {
  const { kid } = jwt.decode(token, { complete: true }).header;
  const key = await jwksRsa({ jwksUri }).getSigningKey(kid);
  return jwt.verify(token, key.getPublicKey(), { ...expected, algorithms });
}

/** https://github.com/auth0/express-jwt */
function byExpress() {
  const guard = expressjwt({ secret: jwksRsa.expressJwtSecret({ jwksUri, cache: true }), ...expected, algorithms });
  const request = { headers: { authorization: `Bearer ${token}` } };
  return new Promise((done, refuse) => guard(request, {}, (error) => (error ? refuse(error) : done(request.auth))));
}

const verifiers = { jose: byJose, jsonwebtoken: byJsonwebtoken, "express-jwt": byExpress };
const told = {};
for (const [name, verify] of Object.entries(verifiers)) {
  told[name] = await verify().catch((error) => ({ refused: error.code ?? error.name }));
}
console.log(JSON.stringify(told));
