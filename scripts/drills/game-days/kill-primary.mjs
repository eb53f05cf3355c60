import { randomUUID } from 'node:crypto';
import { foremostReplica } from '../scene/foremost-replica.mjs';
import { query } from '../scene/query.mjs';
import { verdict } from '../scene/verdict.mjs';

/** Saves that were confirmed right before the power cut. */
const confirmedSaves = 20;

/** Longer than the application lets a save wait for a new primary, in milliseconds. */
const mostMs = 15_000;

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const killPrimary = {
  name: 'kill-primary',
  about:
    'The primary is cut off from power, a replica takes over: saving goes on there, the old one is fenced.',
  async run({ postgres, ask, untilNodes, load }, run) {
    const [old, ...replicas] = postgres.nodes;
    if (replicas.length === 0) throw new Error('There is no replica that could take over');
    const save = () =>
      ask('/api/contacts', { method: 'POST', json: { email: `${randomUUID()}@kill-primary.example` } });
    const mark = load.mark();
    /** @type {string[]} */
    const ids = [];
    while (ids.length < confirmedSaves) {
      const { status, json } = await save();
      if (status !== 201) throw new Error(`Before anything is broken, saving is answered with ${status}`);
      ids.push(json.id);
    }

    run.note(`killing ${old.name}`);
    const killedAtMs = performance.now();
    /** @type {typeof old | undefined} */
    let promoted;
    run.undo(async () => {
      const primary = promoted;
      if (!primary) return old.start();
      run.note('making the old primary and the other replicas follow the new one');
      const others = postgres.nodes.filter((node) => node !== primary);
      await Promise.all(others.map((node) => node.follow(primary)));
      await untilNodes(
        'all servers are up',
        (nodes) => nodes.every(({ state }) => state === 'up'),
        AbortSignal.timeout(60_000),
      );
    });
    await old.kill('SIGKILL');
    const saving = save();
    const next = await foremostReplica(replicas);
    run.note(`promoting ${next.name}`);
    await query(next.url, 'select pg_promote()');
    promoted = next;
    let saved = await saving;
    while (saved.status !== 201 && performance.now() - killedAtMs < mostMs) saved = await save();
    const tookMs = Math.round(performance.now() - killedAtMs);
    run.score(
      verdict(
        'saving goes on within 5 s after the primary is lost',
        saved.status === 201 && tookMs < 5_000,
        saved.status === 201
          ? `${(tookMs / 1_000).toFixed(1)} s`
          : `still ${saved.status} after ${mostMs / 1_000} s`,
        { tookMs },
      ),
    );
    const [{ count }] = await query(
      next.url,
      'select count(*)::int as count from contacts where id = any($1)',
      [ids],
    );
    run.score(
      verdict(
        'no confirmed save is lost with the primary',
        count === ids.length,
        count === ids.length
          ? `${count} of ${ids.length} are there`
          : `${count} of ${ids.length} are there: no replica had received the rest, which synchronous_standby_names ends`,
        {
          confirmed: ids.length,
          found: count,
        },
      ),
    );

    run.note(`starting ${old.name}, which still takes itself for the primary`);
    await old.start();
    await untilNodes('it is fenced', (nodes) => nodes.some(({ state }) => state === 'fenced'), run.signal);
    const later = await Promise.all(Array.from({ length: 10 }, save));
    const laterIds = later.map(({ json }) => json.id);
    const [strays] = await query(old.url, 'select count(*)::int as count from contacts where id = any($1)', [
      laterIds,
    ]);
    const allSaved = later.every(({ status }) => status === 201);
    run.score(
      verdict(
        'a primary that comes back gets no writes',
        allSaved && strays.count === 0,
        `${strays.count} of ${later.length} writes went there`,
        { writes: later.length, strays: strays.count },
      ),
    );
    const { requests, errors } = await load.since(mark);
    run.note(`${errors} of ${requests} requests of the users failed meanwhile`);
  },
};
