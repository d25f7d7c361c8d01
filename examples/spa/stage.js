/** What is seen of the two clients: their rings, their state, the story of what happens to them, their code. */

import { ENDS, REASONS } from "./words.js";

const LIFE = 30;
const $ = (id) => document.getElementById(id);

/** Show in its card how a client is. */
export function show(client, { signedIn, reason }) {
  const card = $(client);
  if (card.dataset.state === "ended" && !signedIn) return; // why it ended was said
  card.dataset.state = signedIn === null ? "asking" : signedIn ? "in" : ENDS.has(reason) ? "ended" : "out";
  card.querySelector(".state").textContent = signedIn ? "Signed in" : REASONS[reason] ?? reason;
}

/** Let the rings show what is left of the access tokens, from now on. */
export function countDown(clients) {
  for (const [client, { expiresIn }] of Object.entries(clients)) {
    const ring = $(client).querySelector(".ring");
    const isIn = $(client).dataset.state === "in";
    ring.querySelector(".seconds").textContent = isIn ? Math.ceil(expiresIn) : $(client).dataset.state === "asking" ? "…" : "–";
    ring.querySelector(".left").style.strokeDashoffset = isIn ? 100 - (100 * expiresIn) / LIFE : 0;
    ring.classList.toggle("low", expiresIn < LIFE / 3);
  }
  requestAnimationFrame(() => countDown(clients));
}

/** Begin a story, of which `tell` adds the steps and `judge` the end. */
export function begin(title) {
  $("story").dataset.begun = "";
  $("story").hidden = false;
  $("play").hidden = $("verdict").hidden = true;
  $("story-title").textContent = title;
  $("steps").replaceChildren();
  document.querySelector(".clients").scrollIntoView({ block: "nearest" });
}

/** Tell a step; `about` is the client that it is about, if it is about one. */
export function tell(step, about = "both") {
  const item = document.createElement("li");
  item.className = about;
  item.textContent = step;
  $("steps").append(item);
  $("story").scrollIntoView({ block: "nearest" });
}

/** Say how it ended for both, in the story and on the button: `[is it well, in words, in a word]` for each. */
export function judge(trick, ends) {
  const mark = document.createElement("span");
  mark.className = "result";
  for (const client of ["ours", "usual"]) {
    const [well, words, word] = ends[client];
    const row = $("verdict-" + client);
    row.className = well ? "well" : "badly";
    row.querySelector("dd").textContent = words;
    const part = document.createElement("i");
    part.className = row.className;
    part.textContent = `${client}: ${word}`;
    mark.append(part, " ");
  }
  $("verdict").hidden = false;
  $("story").scrollIntoView({ block: "nearest" });
  document.querySelector(`[data-trick="${trick}"] span`).replaceWith(mark);
}

/** Open a client's file where its button is pressed. */
export function showCode() {
  for (const button of document.querySelectorAll("[data-code]")) {
    button.addEventListener("click", async () => {
      const name = button.dataset.code;
      $("code-title").textContent = name;
      $("code-text").textContent = await (await fetch(name)).text();
      $("code-words").textContent = CODE[name];
      $("code").showModal();
    });
  }
  $("close").addEventListener("click", () => $("code").close());
}

const CODE = {
  "ours.js": "Locks, tabs, lost answers, clocks and outages are the client's. It has 3.5 kB and no dependency.",
  "usual.js": "Nothing here is wrong. It is the rule that cannot tell bad luck from theft: the same lines stay signed in under"
    + " Flask-Renewal's rule, which forgives what happens within its window. The strict one is in standalone/demo/strict.py.",
};
