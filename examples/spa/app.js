/**
 * The sample app. This file is all that an app needs: ask who is signed in, sign in, call the API, sign out.
 * The tricks are in lab.js, the time line is in timeline.js.
 */

import { createSession } from "flask-renewal";
import { showLab } from "./lab.js";
import { follow } from "./timeline.js";
import { REASONS } from "./words.js";

const $ = (id) => document.getElementById(id);
const api = document.body.dataset.api;

const session = createSession({ baseUrl: api });
session.addEventListener("change", ({ detail }) => show(detail));

function show({ signedIn, user, reason }) {
  $("asking").hidden = signedIn !== null;
  $("asking-why").textContent = REASONS[reason] ?? $("asking-why").textContent;
  $("account").hidden = $("lab").hidden = !signedIn;
  $("sign-in").hidden = signedIn !== false;
  $("why").textContent = REASONS[reason] ?? reason;
  $("why").hidden = reason === "refresh_token_missing";
  $("why").className = "notice " + reason;
  $("who").textContent = user?.username ?? "";
  if (signedIn && reason !== "renewed") showSessions();
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

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(event.target));
  $("sign-in-error").hidden = true;
  try {
    await session.login({ username, password, device: browserName() });
  } catch (error) {
    $("sign-in-error").textContent = error.message;
    $("sign-in-error").hidden = false;
  }
});

const browserName = () =>
  /Firefox/.test(navigator.userAgent) ? "Firefox" : /Chrome/.test(navigator.userAgent) ? "Chrome" : "This browser";

// The page is signed out either way; a server that could not be told is not worth a dialogue here.
$("sign-out").addEventListener("click", () => session.logout().catch(console.warn));
$("sign-out-everywhere").addEventListener("click", () => session.logout({ everywhere: true }).catch(console.warn));

let life = 30;
session.addEventListener("change", () => (life = session.expiresIn || life));

function countDown() {
  const left = session.expiresIn;
  $("seconds").textContent = Math.ceil(left);
  $("ring").style.strokeDashoffset = 100 - (100 * left) / life;
  $("ring").classList.toggle("low", left < life / 3);
  requestAnimationFrame(countDown);
}

$("api-origin").textContent = api;
$("page-origin").textContent = location.origin;
countDown();
showLab(session, showSessions);
follow(api);
session.restore();
