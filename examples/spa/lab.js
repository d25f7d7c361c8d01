/** The tricks. The server behind this page has powers that no real one has: see src/flask_renewal/demo. */

const PAUSE = 3_300; // a little longer than the demo's quiet window
const $ = (id) => document.getElementById(id);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const tab = Number(new URL(location.href).searchParams.get("tab") ?? 1);

export function showLab(session, refreshSessions) {
  $("tab").textContent = "Tab " + tab;
  if (tab > 1) document.title = `Tab ${tab} · ${document.title}`;
  const power = async (name) =>
    (await session.fetch("/demo/" + name, { method: "POST", credentials: "include" })).json();
  const report = (number) => session.fetch("/reports/" + number).catch((error) => error);
  const tools = { session, power, report, refreshSessions };
  for (const button of document.querySelectorAll("[data-trick]")) {
    button.addEventListener("click", () => perform(TRICKS[button.dataset.trick], tools));
  }
}

async function perform(trick, tools) {
  const buttons = document.querySelectorAll("[data-trick]");
  for (const button of buttons) button.disabled = true;
  try {
    await trick(tools);
  } catch (error) {
    tell(`This did not work: ${error.message}`);
  }
  for (const button of buttons) button.disabled = false;
}

/** Begin a story, of which `tell` adds the steps. */
function story(title) {
  $("story").hidden = false;
  $("story").querySelector("h3").textContent = title;
  $("story").querySelector("ol").replaceChildren();
}

function tell(step) {
  const item = document.createElement("li");
  item.textContent = step;
  $("story").querySelector("ol").append(item);
}

const TRICKS = {
  async one({ report }) {
    await report(0);
  },

  async ten({ power, report, session }) {
    story("Ten requests at once");
    await power("age");
    tell("The server now takes this page's access token for dead.");
    const answers = await Promise.all(Array.from({ length: 10 }, (_, number) => report(number)));
    const served = answers.filter(({ ok }) => ok).length;
    tell(`Ten were sent and ten met a 401. One renewal, then each was sent once more: ${served} of 10 were answered.`);
    if (session.state.signedIn) tell("Nobody noticed.");
  },

  async tab() {
    story("Second tab");
    open(`?tab=${tab + 1}`, "_blank");
    tell("It found itself signed in, by the cookie or by word from this tab. When either renews, the other hears of it.");
    tell("Sign out in one: the other is signed out too.");
  },

  async lose({ power, report, session }) {
    story("Lose the next answer");
    await power("lose");
    await power("age");
    await report(1);
    const { token } = await power("lost");
    tell(token
      ? "The server renewed and rotated, and its answer was lost. The cookie jar still holds the old token."
      : "The server had rotated a moment ago, so it renewed quietly, and that answer was lost: no refresh token was in it.");
    await wait(PAUSE + 1_000);
    await power("age");
    await report(2);
    if (!session.state.signedIn) tell("Signed out. This should not have happened.");
    else tell(token
      ? "The old token was presented again. Its successor had never been seen, so the server handed out another: still signed in."
      : "The token in the jar is still the newest one, and was presented again: still signed in.");
  },

  async steal({ session, power, report, refreshSessions }) {
    story("A thief has a copy of your cookie");
    const { stolen } = await power("steal");
    tell(`The thief copied the refresh token ${stolen}, as malware could.`);
    await wait(PAUSE);
    const first = await power("thief");
    tell(first.rotated
      ? "The thief used it and got a new refresh token and an access token. So far this looks like you."
      : "The thief used it and was answered quietly: an access token, nothing that lasts.");
    await wait(PAUSE);
    await power("age");
    await report(1);
    tell("You renewed too, with the token that the thief copied. For the server, its successor was lost, so you got another one.");
    await wait(PAUSE);
    const { code } = await power("thief");
    tell(code === "refresh_token_reused"
      ? "The thief came back. Two parties hold tokens of one session: the server knows, and ends it for both."
      : `The thief came back and was told: ${code}.`);
    await report(2);
    tell(session.state.signedIn ? "You are still signed in." : "You sign in again with your password. The thief cannot.");
    if (session.state.signedIn) refreshSessions();
  },

  async phone({ power, report }) {
    story("End from another device");
    await power("phone");
    tell("Your phone signed in and ended this session.");
    await report(1);
    tell("The next request here met a 401 session_ended, the renewal was refused, and the page is signed out.");
  },
};
