import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const program = join(__dirname, '../../../../bench/cache-staleness.mjs');

interface PhaseResult {
  readonly name: string;
  readonly reads: number;
  readonly writes: number;
  readonly maxMs: number;
  readonly missed: readonly string[];
}

/** How soon news come around, of which a busy machine says nothing; the bound holds on any. */
const ofTheMachine = new Set(['p99 under 500 ms', 'nothing old after the quiet']);

/** Four processes of what was built, over a Redis of their own. */
function runLedger(...args: readonly string[]): Promise<readonly PhaseResult[]> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 2 ** 26, timeout: 170_000 };
    // It fails where a bar is missed; which one is in what it has written.
    execFile(process.execPath, [program, '--json', ...args], options, (error, stdout, stderr) => {
      if (stdout) resolve(JSON.parse(stdout));
      else reject(error ?? new Error(stderr));
    });
  });
}

it('serves nothing older than the bound, whatever happens to Redis and the way to it', async () => {
  const results = await runLedger('--short');
  expect(results.map(({ name, missed }) => [name, missed.filter((bar) => !ofTheMachine.has(bar))])).toEqual([
    ['healthy', []],
    ['one socket cut', []],
    ['Redis frozen', []],
    ['Redis restarted empty', []],
  ]);
  for (const { reads, writes, maxMs } of results) {
    // So many that an old value would have been met.
    expect(reads).toBeGreaterThan(2_000);
    expect(writes).toBeGreaterThan(20);
    expect(maxMs).toBeLessThanOrEqual(5_000);
  }
});

it('is no ledger that cannot fail: a cache that hears of nothing for long is caught', async () => {
  const results = await runLedger('--short', '--deaf', 'healthy');
  expect(results[0]?.missed).toContain('p99 under 500 ms');
});
