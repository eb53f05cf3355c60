import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProblemDocument } from '@unite/problem';
import pg from 'pg';
import { createSendWorker } from '../lib/campaigns/create-send-worker';
import { api, signIn } from './support/api';
import { campaignIn, create, post, send, traceOf, untilEnded } from './support/campaigns';
import { startCopy, untilReady } from './support/start-copy';
import { traceIdOf } from './support/traces';

// Several processes share this database, and any of them may send what another was asked to.

const draft = { name: 'Spring news', subject: 'What is new', audience: 'lead' };

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

let database: pg.Client;
beforeAll(async () => {
  database = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await database.connect();
});
afterAll(() => database.end());

describe('a campaign', () => {
  test('goes out once to each contact of its audience, and says how far it is', async () => {
    const { id, status, recipients } = await create(draft);
    expect([status, recipients]).toEqual(['draft', null]);
    const leads = await contactsOf('harbour', 'lead');

    const started = await send(id);
    expect([started.status, started.headers.get('location')]).toEqual([202, `/api/campaigns/${id}`]);
    expect(campaignIn(started).status).toMatch(/sending|sent/);
    expect(await untilEnded(id)).toMatchObject({
      status: 'sent',
      recipients: leads.length,
      delivered: leads.length,
      failed: 0,
    });
    expect(await deliveriesOf(id)).toEqual(leads);
    // Nothing is left to do.
    expect(await jobOf(id)).toBeUndefined();
  });

  test('is sent once, however often and at the same time that is asked for', async () => {
    const { id } = await create(draft);
    const headers = { 'idempotency-key': `"${crypto.randomUUID()}"` };
    const clicks = await Promise.all([1, 2, 3, 4].map(() => send(id)));
    expect(clicks.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
    const refused = clicks.find(({ status }) => status === 409)?.json as ProblemDocument | undefined;
    expect(refused?.type).toMatch(/\/errors\/campaign-already-sending$/);
    const { delivered } = await untilEnded(id);
    expect((await send(id)).status).toBe(409);
    expect((await deliveriesOf(id)).length).toBe(delivered);

    const other = await create({ ...draft, audience: 'lost' });
    const repeated = [await send(other.id, { headers }), await send(other.id, { headers })];
    expect(repeated.map(({ status }) => status)).toEqual([202, 202]);
    await untilEnded(other.id);
    expect((await send(other.id, { headers })).status).toBe(202);
  });

  test('is made once by a form that is sent twice', async () => {
    const headers = { 'idempotency-key': `"${crypto.randomUUID()}"` };
    const [first, second] = [await post(draft, headers), await post(draft, headers)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(campaignIn(second).id).toBe(campaignIn(first).id);
    const another = await post({ ...draft, name: 'Autumn news' }, headers);
    expect((another.json as ProblemDocument).type).toMatch(/idempotency-key-reused$/);
    expect(another.status).toBeGreaterThanOrEqual(400);
  });

  test('that was scheduled goes out by itself when it is due', async () => {
    const sendAt = inAnHour();
    const { id, status } = await create({ ...draft, sendAt });
    expect(status).toBe('scheduled');
    await database.query('update campaign_jobs set due_at = now() where campaign_id = $1', [id]);
    expect(await untilEnded(id)).toMatchObject({ status: 'sent', sendAt });
  });

  test('is given up when who had it sent may not any more, and sent by who may and tries again', async () => {
    const { id } = await create({ ...draft, sendAt: inAnHour() });
    // When it is due, its sender has left for another workspace.
    const change = `update campaign_jobs set user_id = 'meridian-mira', due_at = now() where campaign_id = $1`;
    await database.query(change, [id]);
    expect(await untilEnded(id)).toMatchObject({
      status: 'failed',
      delivered: 0,
      failure: expect.any(String),
    });
    expect((await send(id)).status).toBe(202);
    expect(await untilEnded(id)).toMatchObject({ status: 'sent', failure: null });
  });

  test('that is asked for with mistakes names each field, and whoever may not write is told first', async () => {
    const invalid = { name: '', subject: 'x'.repeat(151), audience: 'all', sendAt: '2020-01-31T09:00:00Z' };
    const { status, json } = await post(invalid);
    expect([status, json.errors.map(({ field }) => field).sort()]).toEqual([
      400,
      ['audience', 'name', 'sendAt', 'subject'],
    ]);
    const { id } = await create(draft);
    const viewer = await signIn('harbour-luis');
    expect((await send(id, { cookie: viewer })).status).toBe(403);
    expect((await api(`/api/campaigns/${id}`, { cookie: viewer })).status).toBe(200);
    expect((await send(id, { workspace: 'nobody' })).status).toBe(401);
  });

  test('of another workspace is not there', async () => {
    const { id } = await create(draft);
    const missing = await send(crypto.randomUUID(), { workspace: 'meridian' });
    const foreign = await send(id, { workspace: 'meridian' });
    expect([missing.status, foreign.status]).toEqual([404, 404]);
    expect(foreign.json.detail).toBe(missing.json.detail);
    expect((await api(`/api/campaigns/${id}`, { workspace: 'meridian' })).status).toBe(404);
    expect(campaignIn(await api(`/api/campaigns/${id}`)).status).toBe('draft');
  });
});

test('the job has a trace of its own, with its batches, that points at the request', async () => {
  const { id } = await create(draft);
  const requested = traceIdOf(await send(id));
  const { traceId } = await untilEnded(id);
  const trace = await traceOf(traceId ?? '');
  expect([trace.name, trace.hasError]).toEqual(['job send-campaign', false]);
  expect(trace.roots[0]?.links.map((link) => link.traceId)).toEqual([requested]);
  expect(trace.roots[0]?.children.map(({ name }) => name)).toContain('deliver batch');
});

test('a process that is killed in the middle is taken over from, and everybody still gets it once', async () => {
  const everyone = await contactsOf('meridian', 'everyone');
  const { copy, origin, exited } = await startCopy();
  try {
    await untilReady(origin);
    const id = await heldInTheMiddle(origin, `:${copy.pid}`);
    copy.kill('SIGKILL');
    await exited;
    expect((await deliveriesOf(id)).length).toBeLessThan(everyone.length);
    // Only now can the batch that was under way go on; nobody is there to commit it.
    await database.query('rollback');
    expect(await untilEnded(id, 'meridian')).toMatchObject({
      status: 'sent',
      recipients: everyone.length,
      delivered: everyone.length,
    });
    expect(await deliveriesOf(id)).toEqual(everyone);
  } finally {
    copy.kill('SIGKILL');
  }
});

test('the worker looks again after a while, more rarely while that fails, at once when woken, and ends', async () => {
  const outcomes = [false, true, false, ...Array.from({ length: 5 }, () => new Error('down')), false];
  const waitsMs: number[] = [];
  const failures: unknown[] = [];
  const events = new EventEmitter();
  const worker = createSendWorker({
    sendNext: async () => {
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome ?? false;
    },
    sleep: (ms, signal) => {
      waitsMs.push(ms);
      if (outcomes.length > 0) return Promise.resolve();
      events.emit('idle');
      return once(signal, 'abort').then(() => Promise.reject(signal.reason));
    },
    onFailure: (error) => failures.push(error),
  });
  const idle = () => once(events, 'idle');
  const firstIdle = idle();
  worker.start();
  await firstIdle;
  expect(waitsMs).toEqual([2_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000, 2_000]);
  expect(failures).toHaveLength(1);

  outcomes.push(true, false);
  const secondIdle = idle();
  worker.wake();
  await secondIdle;
  outcomes.push(true);
  await worker.drain(new AbortController().signal);
  // Told to end, it did not look again.
  expect(outcomes).toEqual([true]);
});

/** A campaign that this worker, and no other, has begun to send, and cannot go on with until the transaction ends. */
async function heldInTheMiddle(origin: string, worker: string): Promise<string> {
  for (;;) {
    const { id } = await create({ ...draft, audience: 'everyone' }, { workspace: 'meridian', origin });
    await send(id, { workspace: 'meridian', origin });
    for (let delivered = 0, status = ''; delivered === 0 && status !== 'sent'; ) {
      await database.query('begin');
      const { rows } = await database.query(
        'select status, delivered from campaigns where id = $1 for update',
        [id],
      );
      ({ delivered, status } = rows[0]);
      if (delivered === 0) await database.query('rollback');
    }
    if ((await jobOf(id))?.leased_by.endsWith(worker)) return id;
    await database.query('rollback');
  }
}

async function contactsOf(tenantId: string, audience: string): Promise<string[]> {
  const { rows } = await database.query(
    `select id from contacts where tenant_id = $1 and $2 in ('everyone', stage) order by id`,
    [tenantId, audience],
  );
  return rows.map(({ id }) => id);
}

async function deliveriesOf(id: string): Promise<string[]> {
  const { rows } = await database.query(
    `select contact_id from campaign_deliveries where campaign_id = $1 and outcome = 'delivered' order by contact_id`,
    [id],
  );
  return rows.map(({ contact_id }) => contact_id);
}

async function jobOf(id: string): Promise<{ readonly leased_by: string } | undefined> {
  const { rows } = await database.query('select leased_by from campaign_jobs where campaign_id = $1', [id]);
  return rows[0];
}
