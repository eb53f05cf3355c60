/** How often a long step shows that it is alive, in milliseconds. */
const heartbeatMs = 5_000;

/**
 * Steps as plain lines, the same on a terminal and in a log: `[2/7] Installing packages… 12 s`.
 *
 * @param {number} total number of steps
 * @param {(text: string) => void} [write]
 */
export function createProgress(total, write = (text) => void process.stdout.write(text)) {
  let count = 0;
  let running = 0;
  /** The step whose line is not ended yet. */
  let openStep = 0;

  /** @param {string} text */
  function say(text) {
    if (openStep) write('\n');
    openStep = 0;
    write(`${text}\n`);
  }

  return {
    /** Writes whole lines between the steps. */
    say,
    /**
     * Runs one step. `work` gets a function to note what is going on, of which every few seconds the last
     * is shown, and returns what to add to the line, such as `unchanged`. Of steps beside each other each line
     * says whose it is.
     *
     * @template Result
     * @param {string} title
     * @param {(note: (text: string) => void) => Promise<Result>} work
     * @param {(result: Result) => string | undefined} [describe]
     * @returns {Promise<Result>}
     */
    async step(title, work, describe = () => undefined) {
      const startedAtMs = performance.now();
      const elapsed = () => secondsSince(startedAtMs);
      count += 1;
      running += 1;
      const step = count;
      let isAlone = running === 1;
      const indent = () => {
        isAlone &&= running === 1;
        return isAlone ? '     ' : `  ${step}.`.padEnd(5);
      };
      if (openStep) write('\n');
      write(`[${step}/${total}] ${title}…`);
      openStep = step;
      let note = '';
      const heartbeat = setInterval(
        () => say(`${indent()} ${elapsed()}  ${note.slice(0, 100)}`.trimEnd()),
        heartbeatMs,
      );
      try {
        const result = await work((text) => {
          note = text;
        });
        const remark = [describe(result), elapsed()].filter(Boolean).join(', ');
        if (openStep === step) write(` ${remark}\n`);
        else say(`${indent()} done: ${remark}`);
        if (openStep === step) openStep = 0;
        return result;
      } finally {
        running -= 1;
        clearInterval(heartbeat);
        if (openStep === step) {
          write('\n');
          openStep = 0;
        }
      }
    },
  };
}

/** @param {number} startedAtMs */
function secondsSince(startedAtMs) {
  const seconds = (performance.now() - startedAtMs) / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
