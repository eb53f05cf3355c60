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
  let lineOpen = false;

  /** @param {string} text */
  function say(text) {
    if (lineOpen) write('\n');
    lineOpen = false;
    write(`${text}\n`);
  }

  return {
    /** Writes whole lines between the steps. */
    say,
    /**
     * Runs one step. `work` gets a function to note what is going on, of which every few seconds the last
     * is shown, and returns what to add to the line, such as `unchanged`.
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
      write(`[${count}/${total}] ${title}…`);
      lineOpen = true;
      let note = '';
      const heartbeat = setInterval(
        () => say(`      ${elapsed()}  ${note.slice(0, 100)}`.trimEnd()),
        heartbeatMs,
      );
      try {
        const result = await work((text) => {
          note = text;
        });
        const remark = [describe(result), elapsed()].filter(Boolean).join(', ');
        write(lineOpen ? ` ${remark}\n` : `      done: ${remark}\n`);
        lineOpen = false;
        return result;
      } finally {
        clearInterval(heartbeat);
        if (lineOpen) write('\n');
        lineOpen = false;
      }
    },
  };
}

/** @param {number} startedAtMs */
function secondsSince(startedAtMs) {
  const seconds = (performance.now() - startedAtMs) / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
