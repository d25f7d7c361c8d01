/** What tabs do for each other. It only saves work, so nothing here is waited for without an end. */

export const ignore = () => {};

/** @returns {import("./types.js").Locks} for a browser without locks: the calls of one page wait for each other */
export function pageLocks() {
  /** @type {Promise<unknown>} */ let tail = Promise.resolve(); // of tasks that do not reject
  return { request: (_, task) => (tail = tail.then(task)) };
}

/** @param {import("./types.js").Settings} settings */
export function makeLock({
  name, locks = globalThis.navigator?.locks, lockWait = 5_000, clock: { setTimeout, clearTimeout },
}) {
  const turns = locks ?? pageLocks();

  /** Run `task` while no other tab runs one; after `lockWait`, or where locks are refused, run it all the same.
   * @template T @param {() => Promise<T>} task @returns {Promise<T>} */
  return (task) =>
    new Promise((resolve, reject) => {
      /** @type {Promise<void> | undefined} */ let running;
      const run = () => {
        clearTimeout(timer);
        return (running ??= task().then(resolve, reject));
      };
      const timer = setTimeout(run, lockWait);
      turns.request(name, run).catch(run);
    });
}

/** Owns the channel.
 * @param {import("./types.js").Settings} settings @param {(message: import("./types.js").Message) => void} hear */
export function makeChannel({ name, channel = globalThis.document ? new BroadcastChannel(name) : null }, hear) {
  // outside a document (a server that renders) there are no tabs, and an open channel would keep the process alive
  if (channel) channel.onmessage = ({ data }) => hear(data);
  return {
    /** @param {import("./types.js").Message} message */
    tell: (message) => channel?.postMessage(message),
    close() {
      channel?.close();
      channel = null;
    },
  };
}
