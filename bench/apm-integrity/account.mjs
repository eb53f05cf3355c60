import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Endings that no process can tell of itself. */
const wordless = ['kill', 'abort', 'memory'];

/**
 * What became of each failure.
 *
 * @param {readonly { instanceId: string, failures: readonly { id: string, kind: string }[] }[]} runs
 * @param {string} directory
 */
export async function accountOf(runs, directory) {
  const [events, lost, ends] = await Promise.all(
    ['received.jsonl', 'lost-runs.jsonl', 'ends.jsonl'].map((file) => linesOf(join(directory, file))),
  );
  const idByEnd = new Map(ends.map(({ instanceId, key, id }) => [`${instanceId} ${key}`, id]));
  const times = new Map();
  for (const event of events) {
    const id = event.kind === 'lost-run' ? 'lost-run' : failureOf(event, idByEnd);
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  const named = new Set(lost.map(({ instanceId }) => instanceId));
  const all = runs.flatMap(({ instanceId, failures }) =>
    failures.map(({ id, kind }) => ({
      kind,
      times: times.get(id) ?? 0,
      isNamed: named.has(instanceId),
      isOfKilled: wordless.includes(failures.at(-1).kind),
    })),
  );
  const kinds = [...new Set(all.map(({ kind }) => kind))].map((kind) => countsOf(kind, all));
  const unreceived = all.filter((one) => one.times === 0);
  const silent = runs.filter(({ failures }) => wordless.includes(failures.at(-1)?.kind));
  return {
    kinds,
    lostRuns: lost.length,
    told: lost.reduce((sum, { unsentErrors }) => sum + unsentErrors, 0),
    unreceived: unreceived.length,
    unknown: times.get(undefined) ?? 0,
    isOnlyOfKilled: unreceived.every(({ isOfKilled }) => isOfKilled),
    isEachLostRunNamedOnce:
      lost.length === named.size &&
      silent.length === named.size &&
      silent.every(({ instanceId }) => named.has(instanceId)),
  };
}

function countsOf(kind, all) {
  const ofKind = all.filter((one) => one.kind === kind);
  const count = (holds) => ofKind.filter(holds).length;
  return {
    kind,
    injected: ofKind.length,
    received: count(({ times }) => times > 0),
    twice: count(({ times }) => times > 1),
    named: count(({ times, isNamed }) => times === 0 && isNamed),
    missing: count(({ times, isNamed }) => times === 0 && !isNamed),
  };
}

/** By its message, else by the thread or process that ended. */
function failureOf({ service, exceptions, extra }, idByEnd) {
  const [inMessage] = /failure-\d+-\d+\./.exec(exceptions[0].message) ?? [];
  const key = extra.threadId === undefined ? `process ${extra.processId}` : `thread ${extra.threadId}`;
  return inMessage ?? idByEnd.get(`${service.instanceId} ${key}`);
}

async function linesOf(file) {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
