/** What tabs do for each other. It only saves work, so nothing here is waited for without an end. */

export const ignore = () => {};

/** @returns {import("./types.js").Locks} for a browser without locks: the calls of one page wait for each other */
export function pageLocks() {
  let tail = Promise.resolve();
  return { request: (_, task) => (tail = tail.then(task).then(ignore, ignore)) };
}

/** @param {import("./types.js").Settings} settings */
export function makeLock({ name, locks = globalThis.navigator?.locks, lockWait = 5_000, clock }) {
  const { setTimeout, clearTimeout } = clock;
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

/** Owns the channel. @param {import("./types.js").Settings} settings */
export function makeChannel({ name, channel = globalThis.document ? new BroadcastChannel(name) : null }) {
  // outside a document (a server that renders) there are no tabs, and an open channel would keep the process alive
  /** @type {import("./types.js").Channel | null} */ let open = channel;
  return {
    /** @param {import("./types.js").Message} message */
    tell: (message) => open?.postMessage(message),
    /** @param {(message: import("./types.js").Message) => void} hear */
    listen(hear) {
      if (open) open.onmessage = ({ data }) => hear(data);
    },
    close() {
      open?.close();
      open = null;
    },
  };
}
