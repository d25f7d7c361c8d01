/** Axios and frameworks over the same session, and what servers render. Skipped where `npm ci` has not been run in src/browser. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { test as testAlways } from "node:test";

import { makeWorld, settle, signedIn } from "./kit.js";

const require = createRequire(new URL("../../src/browser/package.json", import.meta.url));

/** @returns {unknown} a package of src/browser, or undefined */
function find(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
  }
}

const SOLID = new URL("../../src/browser/node_modules/solid-js/dist/solid.js", import.meta.url).href;

globalThis.IS_REACT_ACT_ENVIRONMENT = true;
const NAMES = ["axios", "react", "react-test-renderer", "react-dom/server", "vue", "vue/server-renderer", "solid-js",
  "@angular/core"];
const [axios, React, renderer, reactServer, vue, vueServer, solid] = NAMES.map(find);
const angular = solid && (await import(require.resolve("@angular/core")));
const { attachAxios } = await import("../../src/browser/axios.js");
const react = React && (await import("../../src/browser/react.js"));
const forVue = vue && (await import("../../src/browser/vue.js"));
const forSolid = solid && (await import("../../src/browser/solid.js"));

const complete = [axios, React, renderer, vue, solid].every(Boolean);
const options = { skip: complete ? false : "run `npm ci` in src/browser first" };
const test = (name, run) => testAlways(name, options, run);

const revokeLast = (server) => server.revoked.add(server.calls.findLast(({ bearer }) => bearer).bearer);

test("axios: a refused request is renewed for and sent once more with its body", async () => {
  const { clock, server, session } = await signedIn();
  const api = attachAxios(axios.create(), session);
  await api.get("/first");
  revokeLast(server);
  await clock.advance(1000);
  const { status } = await api.post("/reports", { title: "June" });
  const sent = server.calls.filter(({ path }) => path === "/reports");
  assert.deepEqual([status, sent.map(({ body }) => body)], [200, [{ title: "June" }, { title: "June" }]]);
});

test("axios: three requests that meet a 401 are all sent once more, after one renewal", async () => {
  const { clock, server, session } = await signedIn();
  const api = attachAxios(axios.create(), session);
  await api.get("/first");
  revokeLast(server);
  await clock.advance(1000);
  const answers = await Promise.all(["/a", "/b", "/c"].map((path) => api.get(path)));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
  assert.equal(server.count("/auth/refresh"), 2);
});

test("axios: a form is sent once more as it was", async () => {
  const { clock, server, session } = await signedIn();
  const api = attachAxios(axios.create(), session);
  await api.get("/first");
  revokeLast(server);
  await clock.advance(1000);
  const form = new FormData();
  form.append("title", "June");
  await api.post("/reports", form);
  const [first, second] = server.calls.filter(({ path }) => path === "/reports");
  assert.ok(second.body.includes("June"));
  assert.equal(second.body, first.body);
});

test("axios: an abort is an abort, and a refusal of the route's own is axios's error", async () => {
  const { server, session } = await signedIn();
  const api = attachAxios(axios.create(), session);
  await assert.rejects(api.get("/reports", { signal: AbortSignal.abort() }), { code: "ERR_CANCELED" });
  server.answers["/reports"] = () => Response.json({ code: "report_not_found" }, { status: 404 });
  await assert.rejects(api.get("/reports"), (error) => error.response.data.code === "report_not_found");
});

test("axios: an instance's own base address and another instance are left alone", async () => {
  const { session } = await signedIn();
  const api = attachAxios(axios.create({ baseURL: "https://api.example.com/v2" }), session);
  assert.equal(api.defaults.baseURL, "https://api.example.com/v2");
  assert.equal(axios.create().defaults.env.fetch, undefined);
});

test("react: in Strict Mode a component shows each state, and lets go of the session at the end", async () => {
  const { openTab } = makeWorld();
  const session = openTab();
  const listeners = count(session);
  const Name = () => react.useSession(session).user?.username ?? "nobody";
  let root;
  const tree = React.createElement(React.StrictMode, null, React.createElement(Name));
  await React.act(() => (root = renderer.create(tree)));
  assert.equal(root.toJSON(), "nobody");
  await React.act(() => session.login({ username: "alice" }));
  assert.equal(root.toJSON(), "alice");
  await React.act(() => root.unmount());
  assert.equal(listeners.size, 0);
});

test("vue: a ref follows the session until its scope ends", async () => {
  const { openTab } = makeWorld();
  const session = openTab();
  const listeners = count(session);
  const scope = vue.effectScope();
  const state = scope.run(() => forVue.useSession(session));
  await session.login({ username: "alice" });
  await settle();
  assert.equal(state.value.user.username, "alice");
  scope.stop();
  assert.equal(listeners.size, 0);
});

test("angular: a signal follows the session until its owner is destroyed", async () => {
  const { injectSession } = await import("../../src/browser/angular.js");
  const session = makeWorld().openTab();
  const listeners = count(session);
  const injector = angular.Injector.create({ providers: [] });
  const state = angular.runInInjectionContext(injector, () => injectSession(session));
  await session.login({ username: "alice" });
  assert.equal(state().user.username, "alice");
  injector.destroy();
  assert.equal(listeners.size, 0);
});

test("solid: an accessor follows the session until its owner is disposed of", () => {
  const follow = `
    const { createRoot } = await import("solid-js"); // as a browser has it
    const { useSession } = await import("./src/browser/solid.js");
    const session = Object.assign(new EventTarget(), { state: { signedIn: null } });
    const become = (signedIn) => ((session.state = { signedIn }), session.dispatchEvent(new Event("change")));
    const [state, dispose] = createRoot((dispose) => [useSession(session), dispose]);
    const seen = [state().signedIn];
    become(true), seen.push(state().signedIn), dispose(), become(false), seen.push(state().signedIn);
    console.log(JSON.stringify(seen));`;
  const cwd = new URL("../../", import.meta.url);
  const script = follow.replace('"solid-js"', JSON.stringify(SOLID));
  const browser = ["--conditions=browser", "--input-type=module", "-e", script];
  assert.deepEqual(JSON.parse(execFileSync(process.execPath, browser, { cwd, encoding: "utf8" })), [null, true, true]);
});

test("a server renders nobody with React, whoever the page turns out to be of", async () => {
  const { session } = await signedIn();
  const listeners = count(session);
  const Name = () => react.useSession(session).user?.username ?? "nobody";
  assert.equal(reactServer.renderToString(React.createElement(Name)), "nobody");
  assert.equal(listeners.size, 0);
});

test("a server renders with Vue, and no component of it listens for ever", async () => {
  const session = makeWorld().openTab();
  const listeners = count(session);
  const setup = () => {
    const state = forVue.useSession(session);
    return () => state.value.user?.username ?? "nobody";
  };
  assert.equal(await vueServer.renderToString(vue.createSSRApp({ setup })), "nobody");
  assert.equal(listeners.size, 0);
});

test("a server renders with Solid, and nothing of it listens for ever", async () => {
  const session = makeWorld().openTab();
  const listeners = count(session);
  assert.equal(solid.createRoot(() => forSolid.useSession(session)().signedIn), null);
  assert.equal(listeners.size, 0);
});

/** The listeners that a session has from now on. */
function count(session) {
  const listeners = new Set();
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  session.addEventListener = (type, listener) => (listeners.add(listener), add.call(session, type, listener));
  session.removeEventListener = (type, listener) => (listeners.delete(listener), remove.call(session, type, listener));
  return listeners;
}
