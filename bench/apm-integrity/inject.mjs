import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./failing-process.mjs', import.meta.url));

/** What a process survives, of the 49 failures before the one that ends it. */
const survived = [
  ...Array(20).fill('captured'),
  ...Array(10).fill('request'),
  ...Array(5).fill('exception-heard'),
  ...Array(5).fill('rejection-heard'),
  ...Array(3).fill('worker'),
  'worker-exit',
  ...Array(2).fill('child-exit'),
  ...Array(2).fill('child-signal'),
  'child-missing',
];

/** What ends it. */
const endings = ['exception', 'rejection', 'sigterm', 'exit', 'kill', 'abort', 'memory'];

const unheard = (kind) => !kind.endsWith('-heard');

/**
 * Lets processes fail, a few at a time, each until it ends, and then another one in its place.
 *
 * @param {number} count
 * @param {{ directory: string, processes: number }} where
 */
export async function injectAll(count, { directory, processes }) {
  const runs = runsOf(count);
  const left = [...runs];
  await Promise.all(
    Array.from({ length: processes }, async () => {
      for (let run = left.shift(); run; run = left.shift()) await start(run, directory);
    }),
  );
  // Tells what became of the last ones, and sends what they kept.
  const last = { instanceId: 'last', failures: [], isListening: false };
  await start(last, directory);
  return [...runs, last];
}

function runsOf(count) {
  const size = survived.length + 1;
  return Array.from({ length: count / size }, (_, run) => {
    const ending = endings[run % endings.length];
    // An application that listens survives an exception: it cannot die of one.
    const isListening = !['exception', 'rejection', 'sigterm'].includes(ending);
    const kinds = survived.map((kind) => (isListening || unheard(kind) ? kind : 'captured'));
    return {
      instanceId: `run-${run}`,
      isListening,
      failures: [...kinds, ending].map((kind, index) => ({ id: `failure-${run}-${index}.`, kind })),
    };
  });
}

async function start(run, directory) {
  const isShort = run.failures.at(-1)?.kind === 'memory';
  const child = fork(program, [directory], {
    execArgv: isShort ? ['--max-old-space-size=32'] : [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.send(run);
  const [code, signal] = await once(child, 'exit');
  run.ended = signal ?? code;
}
