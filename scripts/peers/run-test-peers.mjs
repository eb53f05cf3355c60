import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createChildren } from '../lib/children.mjs';
import { keepRows } from '../lib/compatibility-page.mjs';
import { findNode } from '../lib/find-node.mjs';
import { findPnpm } from '../lib/find-pnpm.mjs';
import { listenForStop } from '../lib/stop-signals.mjs';
import { createGuard } from '../services/src/plain/guard.mjs';
import { importServices } from '../stack/import-services.mjs';
import { cases } from './cases.mjs';
import { packPackages } from './pack-packages.mjs';
import { peerVersions } from './peer-versions.mjs';
import { runCase } from './run-case.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stateDirectory = join(root, '.unite');
const say = (/** @type {string} */ text) => void process.stdout.write(`${text}\n`);

/**
 * Every peer in its lowest and highest version beside our packages, as they would be published: types, and a program that
 * uses them. Needs a build.
 *
 * @param {readonly string[]} args peers, else all; `--keep` writes what was found into docs/compatibility.md
 * @returns {Promise<number>} exit code
 */
export async function runTestPeers(args) {
  const asked = args.filter((argument) => !argument.startsWith('--'));
  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce: children.killAll, say });
  stop.signal.addEventListener('abort', () => void children.endAll());
  const directory = mkdtempSync(join(tmpdir(), 'unite-peers-'));
  /** @type {{ close(): Promise<void> }[]} */
  const servers = [];
  try {
    const pnpm = await findPnpm({ root, stateDirectory, env: process.env, children });
    const packed = await packPackages({
      root,
      directory: join(directory, 'packed'),
      env: pnpm.env,
      children,
    });
    assertComplete(packed);
    const env = { ...pnpm.env, ...(await startServers(servers)), NO_COLOR: '1' };
    const chosen = cases.filter(({ peer }) => asked.length === 0 || asked.includes(peer));
    const rows = await mapInLanes(chosen, (peerCase) => runVersions(peerCase, { env, packed })).then((all) =>
      all.flat(),
    );
    printTable(rows);
    return rows.length > 0 && rows.every(({ problem }) => !problem) ? 0 : 1;
  } catch (error) {
    if (stop.signal.aborted) return stop.exitCode;
    say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await children.endAll();
    await Promise.all(servers.map((server) => server.close()));
    rmSync(directory, { recursive: true, force: true });
    stop.dispose();
    guard.dismiss();
  }

  /** @param {import('./cases.mjs').PeerCase} peerCase @param {{ env: NodeJS.ProcessEnv, packed: ReadonlyMap<string, import('./pack-packages.mjs').Packed> }} options */
  async function runVersions(peerCase, { env, packed }) {
    const { peer, packages, range, lowestMajor } = peerCase;
    const ranges = new Set(packages.map((folder) => range ?? packed.get(folder)?.peers[peer] ?? '*'));
    const found = await peerVersions(children, peer, [...ranges].join(' '), {
      cwd: directory,
      env,
      lowestMajor,
    });
    const rows = [];
    for (const [index, version] of found.entries()) {
      const end = index === 0 ? 'lowest' : 'highest';
      stop.signal.throwIfAborted();
      const startedAtMs = performance.now();
      const result = await runCase(peerCase, version, {
        ...{ root, env, children, packed },
        directory: join(directory, `${rows.length}-${peer.replace('/', '-')}-${peerCase.program}`),
        findNode: (node) => findNode(join(stateDirectory, 'tools'), node),
      });
      const seconds = (performance.now() - startedAtMs) / 1_000;
      const row = {
        peer,
        end,
        version,
        range: [...ranges].join(' '),
        packages: packages.join(', '),
        seconds,
        ...result,
      };
      say(`${peer} ${version}: ${row.problem || row.ran} (${seconds.toFixed(1)} s)`);
      rows.push(row);
    }
    if (args.includes('--keep')) keepRows(root, 'peers', rows.map(cellsOf));
    return rows;
  }

  /** @param {{ close(): Promise<void> }[]} started */
  async function startServers(started) {
    const { startPostgres, startRedis } = await importServices();
    const redis = await startRedis({
      toolsDirectory: join(stateDirectory, 'tools/redis'),
      signal: stop.signal,
    });
    started.push(redis);
    const postgres = await startPostgres({ replicas: 1, signal: stop.signal });
    started.push(postgres);
    const urls = { POSTGRES_URL: postgres.primaryUrl, REPLICA_URL: postgres.replicaUrls[0] };
    return { REDIS_URL: redis.url, ...urls };
  }
}

/** Whoever adds a peer adds a case. @param {ReadonlyMap<string, import('./pack-packages.mjs').Packed>} packed */
function assertComplete(packed) {
  const covered = new Set(
    cases.flatMap(({ peer, packages }) => packages.map((folder) => `${folder} ${peer}`)),
  );
  const all = [...packed].flatMap(([folder, { peers }]) =>
    Object.keys(peers).map((peer) => `${folder} ${peer}`),
  );
  const missing = all.filter((pair) => !covered.has(pair));
  if (missing.length > 0) throw new Error(`scripts/peers/cases.mjs has no case for ${missing.join(', ')}`);
}

/** @typedef {{ peer: string, end: string, version: string, range: string, packages: string, node: string, types: string, ran: string, problem: string, seconds: number }} Row */

/**
 * As many at a time as there are processors.
 *
 * @template Item, Result @param {readonly Item[]} items @param {(item: Item) => Promise<Result>} work @returns {Promise<Result[]>}
 */
async function mapInLanes(items, work) {
  /** @type {Result[]} */
  const results = [];
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (const [index, item] of queue) results[index] = await work(item);
    }),
  );
  return results;
}

/** @param {Row} row */
function cellsOf({ peer, end, range, version, packages, node, types, ran, problem }) {
  const date = new Date().toISOString().slice(0, 10);
  const result = problem ? 'failed' : 'passed';
  return [
    peer,
    packages,
    end,
    `\`${range}\``,
    version,
    node,
    `types ${types || '–'}; ${ran || '–'}`,
    result,
    date,
  ];
}

/** @param {readonly Row[]} rows */
function printTable(rows) {
  const lines = rows.map(({ peer, version, node, types, ran, problem, seconds }) => [
    ...[peer, version, node, types || '-', ran || '-', problem ? 'failed' : 'passed', seconds.toFixed(1)],
  ]);
  const table = [['Peer', 'Version', 'Node', 'Types', 'What ran', 'Result', 'Seconds'], ...lines];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  say('');
  for (const line of table)
    say(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
