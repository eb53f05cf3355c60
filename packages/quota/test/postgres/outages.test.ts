import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { calmMs } from '@unite/shared/testing';
import type { AppendOutcome } from '../../src/ledger/ledger-types';
import { postgresLedger } from '../../src/postgres';
import { until } from '../redis/support/until';
import { atMs, event } from './support/event';
import { startDatabase, type TestDatabase } from './support/start-database';

let database: TestDatabase;

beforeEach(async () => {
  database = await startDatabase();
});
afterEach(async () => database?.[Symbol.asyncDispose]());

const unavailable = expect.objectContaining({ code: 'UNITE_QUOTA_UNAVAILABLE' });

test('what was acknowledged survives a kill; what was not is there once or not at all', async () => {
  const ledgers = [1, 2, 3].map(() => postgresLedger(database.pool({ max: 2 }), { maxBatch: 20 }));
  const outcomes = new Map<string, AppendOutcome | Error>();
  let isOver = false;
  let acknowledged = 0;
  let restart: Promise<void> | undefined;

  const work = async (worker: number) => {
    let number = 0;
    while (!isOver) {
      const one = event({ id: `${worker}-${++number}` });
      const ledger = ledgers[worker % 3];
      const outcome = await ledger?.append(one, undefined).catch((error: Error) => error);
      outcomes.set(one.id, outcome as AppendOutcome | Error);
      if (outcome instanceof Error) {
        await restart;
        continue;
      }
      acknowledged += 1;
      if (acknowledged === 500) restart = database.node.kill('SIGKILL').then(() => database.node.start());
      if (acknowledged >= 1_000) isOver = true;
    }
  };
  await Promise.all(Array.from({ length: 60 }, (_, worker) => work(worker)));

  const found = new Set<string>();
  const check = postgresLedger(database.pool());
  for await (const { id } of check.events('acme', atMs, atMs + 1)) found.add(id);
  const unknown = [...outcomes.values()].filter((outcome) => outcome instanceof Error);
  expect(unknown.length).toBeGreaterThan(0);
  expect(unknown).toEqual(unknown.map(() => unavailable));
  for (const [id, outcome] of outcomes) if (outcome === 'stored') expect(found.has(id)).toBe(true);
  const [total] = await check.totals('acme', atMs, atMs + 900_000);
  expect(total?.amount).toBe(BigInt(found.size));
});

test('a server that hangs is waited for no longer than the time, and goes on afterwards', async () => {
  const timeoutMs = 3_000;
  const pool = database.pool({ max: 3 });
  const ledger = postgresLedger(pool, { timeoutMs, maxBatch: 10 });
  await ledger.append(event(), undefined);
  let isInstalled = false;
  await database.node.kill('SIGSTOP');

  const begun = [
    ...Array.from({ length: 40 }, () => ledger.append(event(), undefined)),
    ledger.rehydrate('acme', [], async () => {
      isInstalled = true;
    }),
    ledger.totals('acme', 0, atMs),
    ledger.events('acme', 0, atMs)[Symbol.asyncIterator]().next(),
  ];
  const tookMs = await calmMs(() => Promise.allSettled(begun));
  const calls = await Promise.allSettled(begun);
  expect(calls).toEqual(calls.map(() => ({ status: 'rejected', reason: unavailable })));
  // One wait after another would be two.
  expect(tookMs).toBeLessThan(timeoutMs * 1.9);
  expect(isInstalled).toBe(false);
  expect(ledger.waiting).toBe(0);

  await database.node.kill('SIGCONT');
  const isStored = async () => (await ledger.append(event(), undefined).catch(() => undefined)) === 'stored';
  await until(isStored, 'an event is stored');
  await ledger.close();
  // Connections that were being opened for those who gave up are given back once they are open.
  await until(() => pool.idleCount === pool.totalCount, 'no connection is in use');
});

test('a tenant whose rehydration hangs holds up no other one, and is free again in the end', async () => {
  const ledger = postgresLedger(database.pool(), { timeoutMs: 30_000 });
  const hanging = postgresLedger(database.pool(), { timeoutMs: 3_000 });
  const epochs: number[] = [];
  for (const tenantId of ['acme', 'other'])
    await ledger.rehydrate(tenantId, [], async (epoch) => void epochs.push(epoch));
  const [acme = 0, other = 0] = epochs;

  let begun = (): void => undefined;
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const stuck = hanging.rehydrate('acme', [], () => new Promise(() => begun()));
  const rejection = expect(stuck).rejects.toEqual(unavailable);
  await beginning;
  let isAcmeWritten = false;
  const waiting = ledger.append(event(), acme).finally(() => {
    isAcmeWritten = true;
  });
  const others = Array.from({ length: 50 }, () => ledger.append(event({ tenantId: 'other' }), other));
  expect(new Set(await Promise.all(others))).toEqual(new Set(['stored']));
  expect(isAcmeWritten).toBe(false);
  await rejection;
  expect(await waiting).toBe('stored');
});

test('a process that stops in the midst of a rehydration loses the tenant to the others', async () => {
  const pool = database.pool();
  // Deaf to its own time limit: it never releases its connection.
  const client = await pool.connect();
  const frozen = postgresLedger(
    { connect: async () => Object.assign(Object.create(client), { release: () => undefined }) },
    { timeoutMs: 300 },
  );
  client.on('error', () => undefined);
  await expect(frozen.rehydrate('acme', [], () => new Promise(() => undefined))).rejects.toEqual(unavailable);
  const ledger = postgresLedger(database.pool());
  await ledger.rehydrate('acme', [], async () => undefined);
  client.release(true);
});

test('a connection that comes too late goes back to the pool', async () => {
  const pool = database.pool({ max: 1 });
  const ledger = postgresLedger(pool, { timeoutMs: 100 });
  const client = await pool.connect();
  await expect(ledger.append(event(), undefined)).rejects.toEqual(unavailable);
  client.release();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  expect(pool.waitingCount).toBe(0);
});
