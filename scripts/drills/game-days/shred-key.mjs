import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../scene/until.mjs';
import { verdict } from '../scene/verdict.mjs';

const run = promisify(execFile);
const shredded = 'copperline';
const other = 'harbour';

/**
 * As the CRM is set: a process remembers keys for a minute (`keyCache.ttlMs`), and what they opened in the last moment of
 * that for another one (`memoryTtlMs` of what is cached of contacts).
 */
const mostMs = 60_000 + 60_000 + 5_000;

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const shredKey = {
  name: 'shred-key',
  about:
    'The keys of a tenant are destroyed: nobody reads its addresses any more, and others notice nothing.',
  timeoutMs: mostMs + 120_000,
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
    let answer = 0;
    const readable = async () => {
      const { status, text } = await ask(path, { workspace: shredded });
      answer = status;
      // Who is refused because of something else has shown nothing.
      if (status === 429 || status >= 502) return known.length;
      return known.filter((/** @type {string} */ email) => text.includes(email)).length;
    };
    note(`waiting until no process remembers them: ${mostMs / 1_000} s at most`);
    const startedAtMs = performance.now();
    const isGone = async () => (await readable()) === 0;
    await until('nobody reads them any more', isGone, { signal, timeoutMs: mostMs }).catch(() => {});
    const tookMs = Math.round(performance.now() - startedAtMs);
    const left = await readable();
    score(
      verdict(
        `addresses under destroyed keys are unreadable within ${mostMs / 1_000} s, in caches too`,
        left === 0,
        left === 0
          ? `after ${(tookMs / 1_000).toFixed(1)} s, answered with ${answer}`
          : `${left} of ${known.length} are still read`,
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
