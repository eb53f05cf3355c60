/** What a shell reports for a process that a signal ended: 128 and the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** How close together two signals count as one, in milliseconds. */
const echoMs = 1_000;

/**
 * Turns the ways in which a user ends a program into one abort signal.
 *
 * @param {{ onForce: () => void, say: (text: string) => void }} options `onForce`: the second Ctrl-C
 */
export function listenForStop({ onForce, say }) {
  const controller = new AbortController();
  let exitCode = 0;
  let stoppedAtMs = 0;

  /** @param {keyof typeof exitCodes} signal */
  function stop(signal) {
    if (controller.signal.aborted) {
      // Ctrl-C comes twice under npm: from the terminal, and handed on.
      if (performance.now() - stoppedAtMs < echoMs) return;
      onForce();
      process.exit(exitCode);
    }
    exitCode = exitCodes[signal];
    stoppedAtMs = performance.now();
    say(signal === 'SIGINT' ? 'Stopping… (Ctrl-C again to force)' : 'Stopping…');
    controller.abort();
  }
  for (const signal of /** @type {(keyof typeof exitCodes)[]} */ (Object.keys(exitCodes)))
    process.on(signal, stop);

  // npm hands signals on, but a shell between npm and us need not, and nobody does after a kill -9.
  const parent = process.ppid;
  const underNpm = process.env.npm_lifecycle_event !== undefined;
  const watch = setInterval(() => underNpm && process.ppid !== parent && stop('SIGTERM'), 500);
  watch.unref();
  // With the terminal gone every write fails, and the shutdown must not fail with it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

  return {
    signal: controller.signal,
    /** Exit code that the signal asks for, or 0 when there was none. */
    get exitCode() {
      return exitCode;
    },
    /** Stops listening. */
    dispose() {
      clearInterval(watch);
      for (const signal of Object.keys(exitCodes)) process.off(signal, stop);
    },
  };
}
