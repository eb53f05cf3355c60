import { expect, it, jest } from '@jest/globals';
import { createContext, currentContext, runWithContext } from '@unite/core/context';
import type { PgClientLike } from '../../src/postgres';
import { apartFromRequests } from '../../src/postgres/apart-from-requests';

it('works for no request, whoever asked', async () => {
  const seen: unknown[] = [];
  const note = () => seen.push(currentContext()?.tenantId, currentContext()?.deadlineAtMs);
  const client = {
    query: jest.fn(async (_text: string, _values?: unknown[]) => {
      note();
      return { rows: [{ one: 1 }] };
    }),
    on: jest.fn(),
    off: jest.fn(),
    release: jest.fn(),
  };
  const pool = apartFromRequests({
    async connect() {
      note();
      return client as PgClientLike;
    },
  });
  await runWithContext({ ...createContext(), tenantId: 'acme', deadlineAtMs: 1 }, async () => {
    const connection = await pool.connect();
    expect(await connection.query('select 1', [2])).toEqual({ rows: [{ one: 1 }] });
    const listener = () => undefined;
    connection.on('error', listener);
    connection.off('error', listener);
    connection.release(true);
    expect(currentContext()?.tenantId).toBe('acme');
    expect(client.on).toHaveBeenCalledWith('error', listener);
    expect(client.off).toHaveBeenCalledWith('error', listener);
  });
  expect(client.query).toHaveBeenCalledWith('select 1', [2]);
  expect(client.release).toHaveBeenCalledWith(true);
  expect(seen).toEqual([undefined, undefined, undefined, undefined]);
});
