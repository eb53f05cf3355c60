import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../scene/until.mjs';
import { verdict } from '../scene/verdict.mjs';

const run = promisify(execFile);
const shredded = 'copperline';
const other = 'harbour';

/** What any copy may still have in its caches, in milliseconds: lib/unite.ts. */
const maxStalenessMs = 5_000;

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const shredKey = {
  name: 'shred-key',
  about:
    'The keys of a tenant are destroyed: nobody reads its addresses any more, and others notice nothing.',
  async run({ root, stack, postgres, ask, onPrimary }, { note, score, signal }) {
    const path = '/api/contacts?pageSize=100&sort=name';
    const emailsOf = async (/** @type {string} */ workspace) =>
      ((await ask(path, { workspace })).json.contacts ?? []).map((/** @type {any} */ { email }) => email);
    const known = await emailsOf(shredded);
    const knownOfOther = await emailsOf(other);
    if (known.length === 0 || knownOfOther.length === 0) throw new Error('There are no contacts to be read');

    note(`destroying the keys of ${shredded}`);
    const crm = join(root, 'examples', 'crm');
    const { PATH, HOME } = process.env;
    const url = await onPrimary(async (_, primaryUrl) => primaryUrl);
    const others = postgres.nodes.map((node) => node.url).filter((each) => each !== url);
    await run(process.execPath, ['scripts/unite.mjs', 'keys', 'shred', shredded, '--yes', '--json'], {
      cwd: crm,
      env: { PATH, HOME, ...stack.env, DATABASE_URL: url, REPLICA_URLS: others.join(',') },
      signal,
    });
    const readable = async () => {
      const { text } = await ask(path, { workspace: shredded });
      return known.filter((/** @type {string} */ email) => text.includes(email)).length;
    };
    const tookMs = await until('nobody reads them any more', async () => (await readable()) === 0, {
      signal,
      timeoutMs: 4 * maxStalenessMs,
    }).catch(() => Number.POSITIVE_INFINITY);
    const left = await readable();
    score(
      verdict(
        'addresses under destroyed keys are unreadable within 5 s, in caches too',
        left === 0 && tookMs <= maxStalenessMs,
        left === 0 ? `after ${(tookMs / 1_000).toFixed(1)} s` : `${left} of ${known.length} are still read`,
        { left, tookMs },
      ),
    );
    const now = await emailsOf(other);
    const same = now.filter((/** @type {string} */ email) => knownOfOther.includes(email)).length;
    score(
      verdict(
        'other tenants read theirs as before',
        same === knownOfOther.length,
        `${same} of ${knownOfOther.length} addresses`,
        { same, known: knownOfOther.length },
      ),
    );
  },
};
