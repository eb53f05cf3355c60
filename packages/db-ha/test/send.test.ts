import { describe, expect, it, jest } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { classifyError } from '../src/classify-error';
import { Operation } from '../src/operation';
import { isSubmittable, type Statement, send, sendPrepared } from '../src/send';
import { FakeServer, serverError } from './fake-driver';
import { fakeNode } from './fake-node';

async function setUp() {
  const server = new FakeServer();
  const node = fakeNode('db', manualClock(), server);
  const lease = await node.reads.lease(new Operation('read', 0, 1_000, undefined));
  server.statements.length = 0;
  return { server, lease };
}

const stalePlan = serverError('0A000', 'cached plan must not change result type');
const named = (name?: string): Statement => ({ query: { text: 'SELECT 1', name }, values: [7] });

describe('sending', () => {
  it('brings the result, or the error', async () => {
    const { server, lease } = await setUp();
    server.answer = (_text, values) => ({ rows: [{ values }] });
    await expect(send(lease.client, { query: 'SELECT $1', values: [7] })).resolves.toMatchObject({
      rows: [{ values: [7] }],
    });
    server.answer = () => serverError('42601');
    await expect(send(lease.client, { query: 'SELEC', values: undefined })).rejects.toMatchObject({
      code: '42601',
    });
  });

  it("goes by the method it is given, as the client's own", async () => {
    const { lease } = await setUp();
    const query = jest.fn(function (this: unknown, ...given: unknown[]) {
      expect(this).toBe(lease.client);
      (given[2] as (error: null, result: unknown) => void)(null, 'result');
    });
    await expect(send(lease.client, { query: 'x', values: [1] }, query as never)).resolves.toBe('result');
  });

  it('fails with a driver that throws', async () => {
    const { lease } = await setUp();
    const throwing = () => {
      throw new TypeError('no such type');
    };
    await expect(send(lease.client, { query: 'x', values: undefined }, throwing)).rejects.toThrow(
      'no such type',
    );
  });
});

describe('a statement that the driver refuses', () => {
  it("before it sends it was the statement's fault, and is told from a lost connection", async () => {
    const { lease } = await setUp();
    const error = new TypeError('cannot write a circle');
    expect(classifyError(error)).toBe('lost');
    const refusing = ((_query: unknown, _values: unknown, callback: (error: Error) => void) => {
      callback(error);
    }) as never;
    await expect(send(lease.client, { query: 'x', values: [] }, refusing)).rejects.toBe(error);
    expect(classifyError(error)).toBe('statement');
  });
});

describe('a prepared statement', () => {
  it('whose tables changed is sent once more without its name, over a connection that ends then', async () => {
    const { server, lease } = await setUp();
    const query = jest.spyOn(lease.client, 'query');
    let isStale = true;
    server.answer = (_text, values) => {
      if (!isStale) return { rows: [{ values }] };
      isStale = false;
      return stalePlan;
    };
    await expect(sendPrepared(lease, named('one'))).resolves.toMatchObject({ rows: [{ values: [7] }] });
    expect(query.mock.calls.map(([sent]) => sent)).toEqual([
      { text: 'SELECT 1', name: 'one' },
      { text: 'SELECT 1' },
    ]);
    lease.release();
    expect(server.open.size).toBe(0);
  });

  it('is sent no third time', async () => {
    const { server, lease } = await setUp();
    server.answer = () => stalePlan;
    await expect(sendPrepared(lease, named('one'))).rejects.toBe(stalePlan);
    expect(server.statements).toHaveLength(2);
  });

  it.each([
    ['fails in another way', named('one'), serverError('0A000', 'not supported')],
    ['has no name', named(), stalePlan],
    ['is a text', { query: 'SELECT 1', values: undefined }, stalePlan],
  ])('that %s is sent once', async (_how, statement, error) => {
    const { server, lease } = await setUp();
    server.answer = () => error;
    await expect(sendPrepared(lease, statement)).rejects.toBe(error);
    expect(server.statements).toHaveLength(1);
  });
});

it('knows a statement with a protocol of its own', () => {
  expect(isSubmittable({ submit: () => undefined })).toBe(true);
  expect([undefined, null, 'x', {}, { submit: true }].map(isSubmittable)).not.toContain(true);
});
