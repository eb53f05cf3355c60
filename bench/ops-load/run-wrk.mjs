import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findWrk } from '../../scripts/services/dist/index.js';

/**
 * `wrk` with one thread. Its own summary leaves out the 95th percentile, so a script prints the figures.
 *
 * @param {{ url: string, connections: number, seconds: number }} options
 */
export async function runWrk({ url, connections, seconds }) {
  const { command, libraries } = await findWrk();
  const script = fileURLToPath(new URL('./report.lua', import.meta.url));
  const args = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '30s',
    '--latency',
    '-s',
    script,
    url,
  ];
  const env = libraries ? { ...process.env, LD_LIBRARY_PATH: libraries } : process.env;
  const { stdout } = await promisify(execFile)(command, args, { env });
  const figures = /^figures (.*)$/m.exec(stdout)?.[1]?.split(' ').map(Number);
  if (!figures) throw new Error(`wrk said nothing that can be read:\n${stdout}`);
  const [requestsPerSecond, p50Ms, p95Ms, p99Ms, maxMs, failed, timeouts] = figures;
  return { requestsPerSecond, p50Ms, p95Ms, p99Ms, maxMs, failed, timeouts };
}
