/**
 * The browser client, in every order in which things can happen to two tabs. Prints for each day how many runs there
 * were; the first one that breaks a promise ends it with its story. A program of its own, for Node's test runner watches
 * every promise of every run, which takes as long again.
 */

import { explore } from "./explore.js";

const DEPARTURES = Number(process.env.RENEWAL_TEST_DEPARTURES ?? 2);

const DAYS = {
  "two tabs wake up with tokens that are over": {
    acts: [{ restore: "one" }, { restore: "two" }, { sleep: 900 }, { use: "one" }, { use: "one" }, { use: "two" }],
    losses: 1,
  },
  "one signs out while both renew": {
    acts: [{ restore: "one" }, { restore: "two" }, { sleep: 900 }, { use: "one" }, { use: "two" }, { logout: "one" }],
    losses: 1,
  },
  "one signs out before it knows who is signed in": {
    acts: [{ restore: "one" }, { restore: "two" }, { logout: "one" }],
    losses: 1,
  },
  "somebody else signs in while the first signs out": {
    acts: [{ restore: "one" }, { restore: "two" }, { sleep: 900 }, { use: "one" }, { login: "two" }, { logout: "one" }],
  },
  "a sign-in is given up": {
    acts: [{ restore: "one" }, { restore: "two" }, { login: "one" }, { logout: "one" }],
    losses: 1,
  },
  "somebody else signs in where the first signed out": {
    acts: [{ restore: "one" }, { restore: "two" }, { logout: "one" }, { login: "one" }, { use: "two" }],
  },
};

for (const [day, scenario] of Object.entries(DAYS)) console.log(`${day}: ${await explore(scenario, DEPARTURES)} runs`);
