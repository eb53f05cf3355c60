import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const program = join(__dirname, '../../../../bench/quota-exact.mjs');

interface PhaseResult {
  readonly name: string;
  readonly attempts: number;
  readonly admitted: readonly number[];
  readonly ledger: readonly number[];
  readonly counter: number;
  readonly missed: readonly string[];
}

/** Eight processes of what was built, over a Redis and a PostgreSQL of their own. */
function play(...args: readonly string[]): Promise<readonly PhaseResult[]> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 2 ** 26, timeout: 170_000 };
    // It fails where a bar is missed; which one is in what it has written.
    execFile(process.execPath, [program, '--json', ...args], options, (error, stdout, stderr) => {
      if (stdout) resolve(JSON.parse(stdout));
      else reject(error ?? new Error(stderr));
    });
  });
}

it('admits a thousand of five thousand, while Redis is killed and comes back with nothing', async () => {
  const [result] = await play('--short');
  expect(result).toMatchObject({ attempts: 5_000, ledger: [1_000], counter: 1_000, missed: [] });
});

it('is no proof that cannot fail: without the ledger in the decision, too many pass', async () => {
  const [result] = await play('--careless', 'killed, an old snapshot comes back');
  expect(result?.missed).not.toEqual([]);
});
