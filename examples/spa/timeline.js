/** The time line: the server tells what happens, the page draws it. Like things in a row become one line. */

import { explain } from "./words.js";

const LONGEST = 80;
const MANY = /\/reports\/|\/refresh$/;
const list = document.getElementById("entries");
const started = Date.now();
let last = null;

export function follow(api) {
  const events = new EventSource(api + "/demo/events");
  events.onmessage = ({ data }) => add(JSON.parse(data));
  document.getElementById("clear").addEventListener("click", () => {
    list.replaceChildren();
    last = null;
  });
}

function add(entry) {
  document.getElementById("nothing").hidden = true;
  const kind = [entry.who, entry.method, entry.trick, entry.path?.replace(/\d+/, "…"), entry.status, entry.header].join();
  if (last?.kind === kind && MANY.test(entry.path) && entry.received === null) {
    last.count += 1;
    last.item.querySelector(".count").textContent = "× " + last.count;
    return;
  }
  last = { kind, count: 1, item: draw(entry) };
  list.prepend(last.item);
  while (list.children.length > LONGEST) list.lastChild.remove();
}

function draw(entry) {
  const { who, at, method, path, status, trick } = entry;
  const item = element("li", toneOf(entry));
  const head = element("div", "what");
  head.append(element("time", "", clock(at)), sender(who, path));
  if (trick) head.append(element("span", "trick", explain(entry)));
  else {
    head.append(element("span", "call", `${method} ${shorten(path)}`), element("span", "count"));
    head.append(element("span", "code s" + String(status)[0], status));
  }
  item.append(head, cookies(entry));
  const words = trick ? "" : explain(entry);
  if (words) item.append(element("p", "words", words));
  return item;
}

/** Who sent it: one of the clients, with its tab if that is not the first, or somebody else. */
function sender(who, path) {
  const [kind, tab] = who.split(" ");
  if (kind !== "tab") return element("span", `who ${kind}`, who);
  const client = path.startsWith("/strict/") ? "usual" : "ours";
  return element("span", `who by-${client}`, tab === "1" ? client : `${client} · tab ${tab}`);
}

/** The cookie that came with the request, and the one that the answer set. */
function cookies({ path, trick, sent, received }) {
  const shown = element("div", "cookies");
  const moves = trick || /refresh|login|logout/.test(path);
  if (!moves || (sent === null && received === null)) return shown;
  if (sent) shown.append(chip(sent));
  if (received) shown.append(element("span", "arrow", "→"), chip(received));
  if (received === "") shown.append(element("span", "arrow", "→"), element("span", "chip gone", "deleted"));
  return shown;
}

function chip(mark) {
  const made = element("span", "chip", mark);
  made.dataset.hue = parseInt(mark, 16) % 8;
  return made;
}

const toneOf = ({ verdict, trick, header, status, code }) =>
  trick === "lost" || verdict === "replace" ? "warn"
  : trick || verdict === "reuse" || verdict === "ended" || code === "refresh_token_reused" ? "bad"
  : header || verdict === "rotate" || verdict === "quiet" ? "good"
  : status === 401 ? "warn" : "";

const shorten = (path) => path.replace(/([\w-]{4})[\w-]{14,}/, "$1…");

function clock(at) {
  const seconds = (at - started) / 1000;
  return seconds < -1 ? "before" : Math.max(0, seconds).toFixed(1) + " s";
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
