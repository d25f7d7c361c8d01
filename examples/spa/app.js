/**
 * The sample app: who is signed in, signing in, the sessions, signing out. An app of yours needs ours.js and this file's
 * calls of `session`. The usual client beside it is usual.js, the tricks are in lab.js, the time line in timeline.js.
 */

import { showLab } from "./lab.js";
import { createOurs } from "./ours.js";
import { countDown, show, showCode } from "./stage.js";
import { follow } from "./timeline.js";
import { createUsual } from "./usual.js";

const $ = (id) => document.getElementById(id);
const api = document.body.dataset.api;

const session = createOurs(api, change);
const usual = createUsual(api + "/strict", (state) => show("usual", state));

function change({ signedIn, user, reason }) {
  show("ours", { signedIn, reason });
  const begun = $("story").dataset.begun !== undefined;
  $("story").hidden = !signedIn && !begun;
  $("sign-in").hidden = signedIn !== false || begun;
  $("again").hidden = signedIn !== false;
  $("play").hidden = !signedIn || begun;
  $("lab").hidden = !signedIn && !begun;
  $("devices").hidden = !signedIn;
  if (signedIn && reason !== "renewed") showSessions().catch(console.warn);
}

async function showSessions() {
  const response = await session.fetch("/auth/sessions");
  if (response.ok) $("sessions").replaceChildren(...(await response.json()).sessions.map(row));
}

function row({ id, device, user_agent, last_used_at, current }) {
  const item = document.createElement("li");
  const name = document.createElement("b");
  const when = document.createElement("span");
  name.textContent = device ?? user_agent ?? "Unknown device";
  when.textContent = "last used " + new Date(last_used_at).toLocaleTimeString();
  item.append(name, when);
  if (current) item.className = "current";
  else item.append(button("End", () => session.fetch("/auth/sessions/" + id, { method: "DELETE" }).then(showSessions)));
  return item;
}

function button(text, run) {
  const made = document.createElement("button");
  made.className = "small";
  made.textContent = text;
  made.addEventListener("click", run);
  return made;
}

const typed = () => Object.fromEntries(new FormData($("sign-in")));

async function signIn() {
  const { username, password } = typed();
  $("sign-in-error").hidden = true;
  try {
    await usual.login({ username, password });
    await session.login({ username, password, device: browserName() });
  } catch (error) {
    $("sign-in-error").textContent = error.message;
    $("sign-in-error").hidden = $("sign-in").hidden = false;
  }
}

const browserName = () =>
  /Firefox/.test(navigator.userAgent) ? "Firefox" : /Chrome/.test(navigator.userAgent) ? "Chrome" : "This browser";

$("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  signIn();
});
$("again").addEventListener("click", signIn);

// The page is signed out either way; a server that could not be told is not worth a dialogue here.
const signOut = (options) => Promise.all([session.logout(options), usual.logout()]).catch(console.warn);
$("sign-out").addEventListener("click", () => signOut());
$("sign-out-everywhere").addEventListener("click", () => signOut({ everywhere: true }));

$("api-origin").textContent = api;
$("page-origin").textContent = location.origin;
const restored = usual.restore();
countDown({ ours: session, usual });
showCode();
showLab({ api, session, usual, restored, signIn: { both: signIn, usual: () => usual.login(typed()) }, showSessions });
follow(api);
