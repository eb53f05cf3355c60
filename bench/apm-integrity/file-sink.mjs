import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const sendEveryMs = 25;

/**
 * A sink whose receiver is a file: what it has not sent yet it keeps on disk at a crash, for the next process to send.
 *
 * @param {string} receiver
 */
export function fileSink(receiver) {
  const stats = { accepted: 0, sent: 0, queued: 0, dropped: {} };
  let queue = [];
  let spool;
  let timer;

  return {
    name: 'file',
    start({ spoolDirectory }) {
      spool = join(spoolDirectory, `spool-${process.pid}-${Date.now()}.jsonl`);
      for (const text of claimedSpools(spoolDirectory)) appendFileSync(receiver, text);
      timer = setInterval(send, sendEveryMs).unref();
    },
    error(event) {
      stats.accepted += 1;
      stats.queued += 1;
      queue.push(event);
    },
    crash() {
      if (queue.length > 0) appendFileSync(spool, linesOf(queue));
      empty();
    },
    stats: () => ({ ...stats }),
    async flush() {
      send();
    },
    async close() {
      clearInterval(timer);
      send();
    },
  };

  function send() {
    if (queue.length > 0) appendFileSync(receiver, linesOf(queue));
    empty();
  }

  function empty() {
    stats.sent += queue.length;
    stats.queued = 0;
    queue = [];
  }
}

const linesOf = (events) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

/** What processes kept that are gone, each to one that starts alone. */
function claimedSpools(directory) {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl') && !isRunning(Number(name.split('-')[1])))
    .flatMap((name) => {
      const claimed = join(directory, `${name}.${process.pid}`);
      try {
        renameSync(join(directory, name), claimed);
      } catch {
        return [];
      }
      const text = readFileSync(claimed, 'utf8');
      rmSync(claimed);
      return [text];
    });
}

function isRunning(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
