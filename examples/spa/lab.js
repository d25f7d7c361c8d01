/** The tricks, each played on both clients. The server behind this page has powers that no real one has. */

import { begin, judge, tell } from "./stage.js";

const PAUSE = 1000 * Number(document.body.dataset.window) + 300; // a little longer than the quiet window of the server
const READING = 5_000;
const buttons = document.querySelectorAll("[data-trick]");
let busy = false;
const $ = (id) => document.getElementById(id);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const tab = Number(new URL(location.href).searchParams.get("tab") ?? 1);
const channel = new BroadcastChannel("flask-renewal-demo");

export function showLab({ api, session, usual, restored, signIn, showSessions }) {
  $("tab").textContent = "Tab " + tab;
  if (tab > 1) document.title = `Tab ${tab} · ${document.title}`;
  const asking = { method: "POST", credentials: "include" };
  const power = async (name) => (await session.fetch("/demo/" + name, asking)).json();
  const get = {
    ours: (number) => session.fetch("/reports/" + number).catch((error) => error),
    usual: (number) => usual.fetch(`${api}/strict/reports/${number}`).catch((error) => error),
  };
  const age = () => Promise.all([power("age"), usual.fetch(api + "/demo/age", asking)]);
  const tools = { session, usual, power, get, age, showSessions };
  let turn = 0;
  for (const button of buttons) {
    button.addEventListener("click", () => {
      turn += 1;
      perform(button.dataset.trick, tools, signIn);
    });
  }
  $("play").addEventListener("click", async () => {
    const mine = ++turn;
    for (const trick of ["ten", "lose", "steal"]) {
      if (mine === turn) await perform(trick, tools, signIn);
      await wait(READING);
    }
  });
  if (tab > 1) beSecond(tools, restored);
}

async function perform(name, tools, signIn) {
  if (busy) return;
  busy = true;
  for (const button of buttons) button.ariaDisabled = true; // disabled ones would lose the keyboard's place
  try {
    begin(document.querySelector(`[data-trick="${name}"] b`).textContent);
    if (!tools.session.state.signedIn) {
      await signIn.both();
      tell("Both sign in again first.");
    } else if (!tools.usual.signedIn) {
      await signIn.usual();
      tell("Signs in again first.", "usual");
    }
    await TRICKS[name](tools);
  } catch (error) {
    tell(`This did not work: ${error.message}`);
  }
  busy = false;
  for (const button of buttons) button.ariaDisabled = false;
}

const stays = ({ session }, words = "still signed in") =>
  session.state.signedIn ? [true, words, "stays"] : [false, "signed out, which should not have happened", "out"];
const thrown = ({ usual }, words = "thrown out, for nothing that it did") =>
  usual.signedIn ? [true, "still signed in, by luck", "lucky"] : [false, words, "thrown out"];

async function ten(get) {
  const answers = await Promise.all(Array.from({ length: 10 }, (_, number) => get(number)));
  return answers.filter(({ ok }) => ok).length;
}

const TRICKS = {
  async one(tools) {
    const { get, session } = tools;
    const late = session.expiresIn < 15;
    const [ours, usual] = await Promise.all([get.ours(0), get.usual(0)]);
    tell(late
      ? "Late in the token's life: the answer itself brought a new one along, in a header."
      : "The token has more than half of its life left: a plain answer. Try again when the ring is half empty.", "ours");
    judge("one", {
      ours: [ours.ok, late ? "answered, and renewed on the way" : "answered", late ? "renewed" : "answered"],
      usual: [usual.ok, "answered; it renews when it is refused", "answered"],
    });
  },

  async ten(tools) {
    const { age, get } = tools;
    await age();
    tell("The server now takes both access tokens for dead. Each client sends ten requests.");
    const ours = await ten(get.ours);
    tell(`Ten 401s, one renewal for all, each sent once more: ${ours} of 10 answered.`, "ours");
    const usual = await ten(get.usual);
    tell(`Ten 401s, and a renewal for each, by one cookie. The second of them looked like theft: ${usual} of 10 answered.`, "usual");
    judge("ten", { ours: stays(tools), usual: thrown(tools) });
  },

  async tab(tools) {
    open(`?tab=${tab + 1}`, "_blank");
    tell("It found itself signed in, by the cookie. Now the access tokens of both tabs die, and both ask at once.");
    await heard("ready");
    let rounds = 0;
    do {
      rounds += 1;
      await Promise.all([say("age", "aged"), tools.age()]);
      await Promise.all([say("ask", "asked"), ask(tools)]);
    } while (tools.usual.signedIn && rounds < ROUNDS);
    channel.postMessage({ word: "end", to: tab + 1, rounds });
    await end(tools, rounds);
  },

  async lose(tools) {
    const { power, age, get, usual } = tools;
    await power("lose");
    await age();
    await Promise.all([get.ours(1), get.usual(1)]);
    const { token } = await power("lost");
    tell("Both asked for a renewal. The server renewed, and both answers were lost: the cookie jar holds the old tokens.");
    await wait(PAUSE + 1_000);
    await age();
    await Promise.all([get.ours(2), get.usual(2)]);
    tell(token
      ? "The old token came again. Its successor had never been seen, so it was lost: here is another."
      : "It had been renewed a moment before, quietly: no refresh token was in the lost answer.", "ours");
    if (!usual.signedIn) tell("The old token came again. It was used before, so it is taken for stolen: the session ends.", "usual");
    judge("lose", { ours: stays(tools), usual: thrown(tools) });
  },

  async steal({ session, usual, power, age, get, showSessions }) {
    const { ours } = await power("steal");
    tell(`A thief copied your refresh tokens (${ours} and the other one), as malware could.`);
    await wait(PAUSE);
    await power("thief");
    tell("The thief used them and got new ones. So far this looks like you.");
    await wait(PAUSE);
    await age();
    await Promise.all([get.ours(1), get.usual(1)]);
    if (!usual.signedIn) tell("You renewed with the copied token. It was used before: found out, at once.", "usual");
    tell("You renewed with the copied token. Its successor may have been lost, so you got another one.", "ours");
    await wait(PAUSE);
    const again = await power("thief");
    if (again.ours.code === "refresh_token_reused") tell("The thief came back. Two parties hold tokens: found out.", "ours");
    await get.ours(2);
    judge("steal", {
      ours: session.state.signedIn ? [false, "still signed in", "nothing"] : [true, "the thief is out; you sign in again", "found"],
      usual: usual.signedIn ? [false, "still signed in", "nothing"] : [true, "the same: this is what the rule is for", "found"],
    });
    if (session.state.signedIn) showSessions();
  },

  async phone({ session, power, get }) {
    await power("phone");
    tell("Your phone signed in and ended both sessions. Each client asks for one more report.");
    const [, usual] = await Promise.all([get.ours(1), get.usual(1)]);
    tell("Refused with 401 session_ended, and so was the renewal.", "ours");
    if (usual.ok) tell("Answered: nobody looks an access token up that is signed and not over.", "usual");
    judge("phone", {
      ours: session.state.signedIn ? [false, "still signed in", "still in"] : [true, "signed out at once, as it should be", "out"],
      usual: [!usual.ok, usual.ok ? "lives on until its token is over" : "signed out", usual.ok ? "lives on" : "out"],
    });
  },
};

/** Resolve with what another tab says when it says `word`. */
function heard(word) {
  return new Promise((resolve, reject) => {
    const listen = ({ data }) => data.word === word && settle(() => resolve(data));
    const timer = setTimeout(() => settle(() => reject(new Error("the other tab is silent"))), 20_000);
    const settle = (by) => {
      clearTimeout(timer);
      channel.removeEventListener("message", listen);
      by();
    };
    channel.addEventListener("message", listen);
  });
}

/** Say a word to the tab that was opened here, and resolve when it answers. */
function say(word, answer) {
  const answered = heard(answer);
  channel.postMessage({ word, to: tab + 1 });
  return answered;
}

/** Each tab for a report of its own: what two ask for at one address, a browser asks one after the other. */
const ask = ({ get }) => Promise.all([get.usual(tab), get.ours(tab)]);

/** Let each client renew once more, for one of the tabs may not know yet that it is out, and tell how it ended. */
async function end(tools, rounds) {
  await tools.age();
  await tools.get.usual(2);
  tell("One tab renewed and told the other.", "ours");
  if (!tools.usual.signedIn) tell(`Both renewed by one cookie, and ${WHEN[rounds]} the second looked like theft: over, in both tabs.`, "usual");
  judge("tab", { ours: stays(tools), usual: thrown(tools, "thrown out, in both tabs") });
}

/** Do in the second tab what the first one says. */
async function beSecond(tools, restored) {
  await restored;
  while (!tools.session.state.signedIn) await wait(100);
  begin("Second tab: this one");
  tell("Signed in without a password, by the cookie that both tabs have.");
  const orders = { age: () => tools.age(), ask: () => ask(tools), end: ({ rounds }) => end(tools, rounds) };
  channel.addEventListener("message", async ({ data }) => {
    if (data.to !== tab) return;
    await orders[data.word](data);
    channel.postMessage({ word: ANSWERS[data.word] });
  });
  channel.postMessage({ word: "ready" });
}

const ANSWERS = { age: "aged", ask: "asked" };
const WHEN = ["", "at once", "the second time", "the third time", "the fourth time"];
const ROUNDS = WHEN.length - 1;
