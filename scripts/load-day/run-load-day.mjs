import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createChildren } from '../lib/children.mjs';
import { prepare, prepareSteps } from '../lib/prepare.mjs';
import { createProgress } from '../lib/progress.mjs';
import { listenForStop } from '../lib/stop-signals.mjs';
import { createGuard } from '../services/src/plain/guard.mjs';
import { startStack } from '../stack/start-stack.mjs';
import { formatDay } from './format-day.mjs';
import { importLoad } from './import-load.mjs';
import { loadDayOptions } from './load-day-options.mjs';
import { runDay } from './run-day.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Whether the reference applications keep what they promise to 1,000 users, on a day on which everything happens.
 *
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code: 1 when a promise was not kept, 2 for what is no option
 */
export async function runLoadDay(args) {
  let options;
  try {
    options = loadDayOptions(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
  const { apps, users, durationMs, isJson, isBuilt } = options;
  const write = (/** @type {string} */ text) => void (isJson ? process.stderr : process.stdout).write(text);
  const progress = createProgress((isBuilt ? 0 : prepareSteps) + apps.length * (1 + users.length), write);
  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce: children.killAll, say: progress.say });
  stop.signal.addEventListener('abort', () => void children.endAll());
  /** @type {import('./run-day.mjs').Day[]} */
  const days = [];
  try {
    if (!isBuilt) await build();
    progress.say(`Node ${process.version}, ${cpus().length} processors, load ${loads()}`);
    for (const name of apps) await measure(name);
    for (const name of apps) progress.say(verdict(name));
    if (isJson) process.stdout.write(`${JSON.stringify(days)}\n`);
    return days.every(({ kept }) => kept) ? 0 : 1;
  } catch (error) {
    if (stop.signal.aborted) return stop.exitCode;
    progress.say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await children.endAll();
    stop.dispose();
    guard.dismiss();
  }

  function build() {
    const stateDirectory = join(root, '.unite');
    const filters = ['@unite/example-crm...', '@unite/example-express-api...', '@unite/services...'];
    const { signal } = stop;
    return prepare({ root, stateDirectory, filters, env: process.env, signal, children, progress });
  }

  /** One copy serves, so that there is a slot for the next release. */
  async function measure(/** @type {'crm' | 'api'} */ name) {
    const { signal } = stop;
    const stack = await progress.step(`Starting what the ${name} needs, and one copy of it`, (onProgress) =>
      startStack({ apps: [name], copies: 1, env: { TRACE_RATIO: '0.1' }, onProgress, signal }),
    );
    try {
      for (const count of users) {
        const title = `${count.toLocaleString('en')} users of the ${name}, for ${durationMs / 1_000} s`;
        const common = { name, stack, users: count, durationMs, children, say: progress.say, signal };
        const day = await progress.step(
          title,
          () => runDay(common),
          ({ kept }) => (kept ? 'kept' : 'MISSED'),
        );
        signal.throwIfAborted();
        days.push(day);
        const { formatLoadReport } = await importLoad();
        progress.say(`\n${formatLoadReport(day.report)}\n\n${formatDay(day)}\nload ${loads()}\n`);
      }
    } finally {
      await stack.close();
    }
  }

  /** @param {string} name */
  function verdict(name) {
    const own = days.filter(({ app }) => app === name);
    const most = Math.max(0, ...own.filter(({ kept }) => kept).map((day) => day.users));
    return most > 0
      ? `${name}: p95 < 200 ms and errors < 0.1 % with ${most.toLocaleString('en')} users, through all of it`
      : `${name}: MISSED with ${Math.min(...own.map((day) => day.users)).toLocaleString('en')} users`;
  }
}

function loads() {
  return loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
}
