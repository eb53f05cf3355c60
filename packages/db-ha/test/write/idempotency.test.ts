import { describe, expect, it } from '@jest/globals';
import type { PgClient, PgResult } from '../../src/driver-types';
import {
  explainMissingTable,
  idempotencyTableSql,
  keepResult,
  resultText,
  takeKey,
} from '../../src/write/idempotency';
import { serverError } from '../fake-driver';

/** A fake client that answers from a list and keeps what it was asked. */
function client(...answers: Partial<PgResult>[]) {
  const asked: unknown[][] = [];
  const fake = {
    query: async (...given: unknown[]) => {
      asked.push(given);
      return answers.shift();
    },
  };
  return { asked, fake: fake as unknown as PgClient };
}

describe('a key', () => {
  it('that is new is taken', async () => {
    const { asked, fake } = client({ rowCount: 1 });
    expect(await takeKey(fake, 'app.done', "k'1")).toBeUndefined();
    expect(asked).toEqual([['INSERT INTO app.done (key) VALUES ($1) ON CONFLICT (key) DO NOTHING', ["k'1"]]]);
  });

  it.each([
    ['{"id":7}', { id: 7 }],
    ['null', null],
    ['"text"', 'text'],
    [null, undefined],
  ])('that was taken gives what was kept: %p', async (text, result) => {
    const { fake } = client({ rowCount: 0 }, { rows: [{ result: text }] });
    expect(await takeKey(fake, 'done', 'k')).toEqual({ result });
  });

  it('whose row was deleted meanwhile is repeated all the same', async () => {
    const { fake } = client({ rowCount: 0 }, { rows: [] });
    expect(await takeKey(fake, 'done', 'k')).toEqual({ result: undefined });
  });
});

describe('a result', () => {
  it('is kept as JSON', async () => {
    expect([resultText({ id: 7 }), resultText(null), resultText(undefined)]).toEqual([
      '{"id":7}',
      'null',
      undefined,
    ]);
    const { asked, fake } = client({});
    await keepResult(fake, 'done', 'k', '{"id":7}');
    expect(asked).toEqual([['UPDATE done SET result = $2::jsonb WHERE key = $1', ['k', '{"id":7}']]]);
  });

  it('that is no JSON is refused, with the reason', () => {
    expect(() => resultText(5n)).toThrow(TypeError);
    expect(() => resultText({ id: 5n })).toThrow(/^transaction: the result is kept .* cannot be: .*BigInt/);
  });
});

describe('a table', () => {
  it('is made by one statement, with a schema too', () => {
    expect(idempotencyTableSql()).toContain('CREATE TABLE IF NOT EXISTS unite_idempotency (');
    expect(idempotencyTableSql('app.done')).toContain(
      'CREATE INDEX IF NOT EXISTS done_created_at ON app.done (created_at);',
    );
  });

  it('that is missing is named, and how to make it', () => {
    const missing = serverError('42P01', 'relation "done" does not exist');
    expect(() => explainMissingTable('done')(missing)).toThrow(
      expect.objectContaining({ cause: missing, message: expect.stringContaining('idempotencyTableSql()') }),
    );
    for (const other of [serverError('42501'), undefined, null, 'text']) {
      const rethrow = () => {
        try {
          explainMissingTable('done')(other);
        } catch (error) {
          return error;
        }
        return 'nothing';
      };
      expect(rethrow()).toBe(other);
    }
  });
});
