/**
 * Runs the browser client in every order in which things can happen: which request reaches the server next, which
 * answer, message or lock its tab, which timer rings, when the user does what, what is lost. The plain order is that
 * of a quiet day; every run is tried that departs from it no more than so many times.
 */

import { makeChannels, makeClock, makeLocks, makeNetwork, makePending, makeServer, makeTab } from "./world.js";

const HORIZON = 45_000; // ms: longer than the client waits for a lock, and then for an answer
const MOST_STEPS = 200;

globalThis.setTimeout = (run) => setImmediate(run); // the client's own timers are the clock's; this one only lets go

const settle = async () => {
  for (let turn = 0; turn < 6; turn++) await new Promise(setImmediate);
};

/** @param {{tabs?: string[], acts: ((world) => any)[], losses?: number}} scenario
 * @returns {Promise<number>} how many runs there are; rejects with the story of one that breaks a promise */
export async function explore(scenario, departures) {
  let runs = 0;
  const untried = [{ choices: [], left: departures }];
  while (untried.length) {
    const { choices, left } = untried.pop();
    const options = await run(scenario, choices);
    runs++;
    for (let step = choices.length; left && step < options.length; step++)
      for (let other = 1; other < options[step]; other++)
        untried.push({ choices: [...choices, ...Array(step - choices.length).fill(0), other], left: left - 1 });
  }
  return runs;
}

/** @returns {Promise<number[]>} how much was possible at each step */
async function run(scenario, choices) {
  const world = makeWorld(scenario);
  const options = [];
  const story = [];
  try {
    for (let step = 0; step < MOST_STEPS; step++) {
      await settle();
      world.check();
      const possible = world.possible();
      if (!possible.length) return world.checkEnd(), options;
      options.push(possible.length);
      const { what, happen } = possible[choices[step] ?? 0];
      story.push(what);
      happen();
    }
    throw new Error("there is no end of it");
  } catch (error) {
    throw new Error([error.message, ...story].join("\n  "), { cause: error });
  } finally {
    world.stop();
  }
}

function makeWorld({ tabs: names = ["one", "two"], acts, losses = 0 }) {
  const pending = makePending();
  const clock = makeClock();
  const server = makeServer(clock);
  const browser = { jar: server.begin("alice").id };
  const promises = makePromises(server);
  const parts = { pending, clock, server, browser, observe: promises };
  Object.assign(parts, { locks: makeLocks(parts), channels: makeChannels(parts), network: makeNetwork(parts) });
  globalThis.localStorage = {};
  const tabs = Object.fromEntries(names.map((name) => [name, makeTab(parts, name)]));
  const user = makeUser({ tabs, clock, promises });
  const left = [...acts, ...names.map((name) => ({ use: name }))]; // whoever has not heard of an ending, hears of it
  let losable = losses;

  const now = () => pending.ready().map((event) => ({ what: event.what, happen: () => pending.take(event).run() }));
  const lost = () =>
    pending.ready().filter(({ lose }) => lose && losable).map((event) => ({
      what: `lost or refused: ${event.what}`,
      happen: () => (losable--, pending.take(event).lose()),
    }));
  const next = () =>
    left.slice(0, 1).map((act) => ({ what: JSON.stringify(act), happen: () => (left.shift(), user(act)) }));
  const time = () => (clock.isSetBefore(HORIZON) ? [{ what: "a timer rings", happen: clock.ring }] : []);
  return {
    possible: () => [...now(), ...next(), ...time(), ...lost()],
    check: () => promises.check(tabs),
    checkEnd: () => promises.checkEnd(tabs),
    stop: () => Object.values(tabs).forEach((tab) => tab.stop()),
  };
}

/** What somebody does who sits before the tabs. */
function makeUser({ tabs, clock, promises }) {
  const verbs = {
    restore: (name) => tabs[name].restore(),
    use: (name) => tabs[name].fetch("/data", { headers: { "X-Owner": tabs[name].state.user?.id ?? "" } }),
    login: (name) => (promises.entering(name), tabs[name].login({ username: "bob", password: "-" })),
    logout: (name) => (promises.leaving(name, tabs[name].state.session), tabs[name].logout()),
    sleep: (seconds) => clock.sleepMachine(seconds * 1000),
  };
  return (act) => {
    const [[verb, argument]] = Object.entries(act);
    promises.open(JSON.stringify(act), verbs[verb](argument));
  };
}

/** What the client promises, whatever happens. */
function makePromises(server) {
  const open = new Map();
  const renewing = new Map();
  const logins = new Map(); // of each tab, how many it has begun
  const lefts = new Map(); // of each tab that signed out, what it must not come back to
  let broken;
  const begun = (name) => logins.get(name) ?? 0;
  const isLeft = (name, { number, by, nth }) => {
    const left = lefts.get(name);
    return left && (number <= left.sessions || (by === name && nth <= left.logins));
  };
  return {
    entering: (name) => logins.set(name, begun(name) + 1),
    leaving(name, held) {
      const sessions = held ? server.sessions.get(held.id).number : server.sessions.size;
      lefts.set(name, { sessions, logins: begun(name) });
    },
    open(what, promise) {
      open.set(promise, what);
      Promise.resolve(promise).catch(() => {}).finally(() => open.delete(promise));
    },
    call({ tab, path, claims, owner }) {
      if (owner && claims && claims.sub !== owner) broken = `${tab} sends a token of ${claims.sub} for ${owner}`;
      if (path !== "/auth/refresh") return () => {};
      renewing.set(tab, (renewing.get(tab) ?? 0) + 1);
      if (renewing.get(tab) > 1) broken = `${tab} renews twice at once`;
      let isOpen = true;
      return () => (isOpen && renewing.set(tab, renewing.get(tab) - 1), (isOpen = false));
    },
    check(tabs) {
      for (const [name, { state }] of Object.entries(tabs))
        if (state.signedIn && isLeft(name, server.sessions.get(state.session.id)))
          broken = `${name} is signed in after it signed out`;
      if (broken) throw new Error(broken);
    },
    checkEnd(tabs) {
      if (open.size) throw new Error(`no end of ${[...open.values()]}`);
      for (const [name, { state }] of Object.entries(tabs))
        if (state.signedIn && server.sessions.get(state.session.id).ended)
          throw new Error(`${name} stays signed in to what was ended`);
    },
  };
}
