import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGuard } from '../services/src/plain/guard.mjs';
import { createChildren } from './children.mjs';
import { prepare, prepareSteps } from './prepare.mjs';
import { createProgress } from './progress.mjs';
import { listenForStop } from './stop-signals.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stateDirectory = join(root, '.unite');
const filters = ['@unite/example-crm...', '@unite/drills^...'];
const maxUsers = 10_000;
const usage =
  'npm run drill -- [names of drills] [--list] [--quick] [--users 100] [--report <file>] [--prepared]';

/**
 * Brings up the real thing with users on it, breaks it on purpose, and prints one scorecard of what held.
 *
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code: 0 only where nothing was missed
 */
export async function runDrill(args) {
  const options = optionsOf(args);
  if (typeof options === 'string') {
    console.error(`${options}\n${usage}`);
    return 2;
  }
  mkdirSync(stateDirectory, { recursive: true });
  const progress = createProgress((options.isPrepared ? 0 : prepareSteps) + 1);
  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce: children.killAll, say: progress.say });
  stop.signal.addEventListener('abort', () => void children.endAll());
  const { signal } = stop;
  try {
    if (!options.isPrepared)
      await prepare({ root, stateDirectory, filters, env: process.env, signal, children, progress });
    // Not before it is built.
    const { listOfDrills, playDrills } = await import('../drills/play-drills.mjs');
    if (options.isList) {
      progress.say(listOfDrills.map(({ name, about }) => `${name.padEnd(20)} ${about}`).join('\n'));
      return 0;
    }
    const unknown = options.names.filter((name) => !listOfDrills.some((drill) => drill.name === name));
    if (unknown.length > 0) {
      const there = listOfDrills.map(({ name }) => name).join(', ');
      progress.say(`No such drill: ${unknown.join(', ')}. There are ${there}.`);
      return 2;
    }
    const { passed, text } = await playDrills({ root, ...options, signal, progress });
    if (options.report) writeFileSync(options.report, reportOf(text));
    return stop.exitCode || (passed ? 0 : 1);
  } catch (error) {
    if (signal.aborted) return stop.exitCode;
    progress.say(`\n${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    await children.endAll();
    stop.dispose();
    guard.dismiss();
    if (signal.aborted) progress.say('Stopped; nothing is left running.');
  }
}

/**
 * @param {readonly string[]} args
 * @returns what they mean, or what is wrong with them
 */
function optionsOf(args) {
  try {
    const { values, positionals: names } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        list: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        prepared: { type: 'boolean', default: false },
        users: { type: 'string' },
        report: { type: 'string' },
      },
    });
    const { list: isList, quick: isQuick, prepared: isPrepared, report } = values;
    const users = Number(values.users ?? (isQuick ? 40 : 100));
    if (!Number.isInteger(users) || users < 1 || users > maxUsers)
      return `--users must be a whole number from 1 to ${maxUsers}, got ${values.users}`;
    return { names, isList, isQuick, isPrepared, users, report };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param {string} card */
function reportOf(card) {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores, ${gibibytes} GiB of memory, Node.js ${process.version}, ${process.platform}`;
  return `# Scorecard of ${new Date().toISOString()}\n\nMeasured on ${machine}.\n\n\`\`\`text\n${card}\n\`\`\`\n`;
}
