import { describe, expect, it } from '@jest/globals';
import { type ClusterLike, type ClusterStatusLike, type PgPoolLike, postgresCheck } from '../../src/checks';
import { ask } from './support/ask';

type NodeLike = ClusterStatusLike['nodes'][number];

function node(name: string, role: string, state: string, readsWaiting = 0): NodeLike {
  const pools = [{ purpose: 'read', waiting: readsWaiting }];
  return { name, host: `${name}.internal`, port: 5432, role, state, pools };
}

const healthy: ClusterStatusLike = {
  primary: 'a',
  refusal: undefined,
  nodes: [node('a', 'primary', 'up'), node('b', 'replica', 'up')],
};

const never = () => new Promise<never>(() => undefined);
const failed = (code: string) => Object.assign(new Error('at a.internal:5432'), { code });

describe('a cluster by its shape', () => {
  it('needs no more than a status', async () => {
    expect(await ask(postgresCheck({ status: () => healthy }))).toMatchObject({
      status: 'up',
      groups: { ready: 'up', write: 'up', degraded: 'up' },
    });
  });

  it('of one node has no replica to miss', async () => {
    const status = { ...healthy, nodes: [node('a', 'primary', 'up')] };
    const { groups, detail } = await ask(postgresCheck({ status: () => status }));
    expect({ groups, detail }).toEqual({
      groups: { ready: 'up', write: 'up', degraded: 'up' },
      detail: 'primary up',
    });
  });

  it('has groups as they are called', async () => {
    const status: ClusterStatusLike = { ...healthy, primary: undefined };
    const names = { group: 'reports', writeGroup: 'reports-write' };
    const { groups } = await ask(postgresCheck({ status: () => status }, names));
    expect(groups).toEqual({ reports: 'up', 'reports-write': 'down', degraded: 'up' });
    // Groups of one name are as bad as the worst.
    const merged = await ask(postgresCheck({ status: () => status }, { writeGroup: 'ready' }));
    expect(merged.groups).toEqual({ ready: 'down', degraded: 'up' });
  });

  it.each(['behind', 'down', 'fenced', 'foreign', 'unknown'])(
    'reads no replica that is %s',
    async (state) => {
      const status: ClusterStatusLike = {
        primary: undefined,
        refusal: undefined,
        nodes: [node('a', 'unknown', 'down'), node('b', 'replica', state)],
      };
      expect((await ask(postgresCheck({ status: () => status }))).groups?.ready).toBe('down');
    },
  );

  it('says why there is no primary, without addresses', async () => {
    const status: ClusterStatusLike = {
      primary: undefined,
      refusal:
        '10.0.0.1:5432 and 10.0.0.11:5432 are both primaries of timeline 3; one of 10.0.0.1:5432, db must be shut down.',
      nodes: ['10.0.0.1', '10.0.0.11'].map((host) => ({ ...node('x', 'primary', 'fenced'), host })),
    };
    const { detail } = await ask(postgresCheck({ status: () => status }));
    expect(detail).toBe(
      'no primary (node 1 and node 2 are both primaries of timeline 3; one of node 1, db must be shut down.); 0 of 1 replicas up',
    );
  });

  it('that knows nothing and never will is down in time, asked once', async () => {
    const nodes = [node('a', 'unknown', 'unknown'), node('b', 'unknown', 'unknown')];
    let asked = 0;
    const db: ClusterLike = {
      status: () => ({ primary: undefined, refusal: undefined, nodes }),
      ready: () => {
        asked += 1;
        return never();
      },
    };
    const check = postgresCheck(db, { timeoutMs: 40 });
    for (const _ of [1, 2]) {
      expect(await ask(check)).toMatchObject({
        groups: { ready: 'down', write: 'down', degraded: 'down' },
        detail: 'no node has answered yet; 0 of 1 replicas up',
      });
    }
    expect(asked).toBe(1);
  });

  it('has a primary that fails as soon as its query does', async () => {
    const db = { status: () => healthy, readOnly: () => ({ query: () => Promise.reject(failed('28P01')) }) };
    expect(await ask(postgresCheck(db))).toMatchObject({
      groups: { ready: 'up', write: 'down' },
      detail: 'primary: refuses the login; 1 of 1 replicas up',
    });
  });

  it.each(['UNITE_DB_QUEUE_FULL', 'UNITE_DB_DEADLINE_EXCEEDED', 'UNITE_DB_ABORTED'])(
    'has a primary that is up where its query ends with %s',
    async (code) => {
      const db = { status: () => healthy, readOnly: () => ({ query: () => Promise.reject(failed(code)) }) };
      expect((await ask(postgresCheck(db))).groups?.write).toBe('up');
    },
  );

  it('has a primary that is up where only its connections for reads are taken', async () => {
    const status = { ...healthy, nodes: [node('a', 'primary', 'up', 3), node('b', 'replica', 'up')] };
    const db = { status: () => status, readOnly: () => ({ query: never }) };
    expect((await ask(postgresCheck(db, { timeoutMs: 30 }))).groups?.write).toBe('up');
  });

  it('ends with its signal, while nothing is known and while the primary is asked', async () => {
    const unknown = { ...healthy, nodes: [node('a', 'unknown', 'unknown')] };
    for (const status of [unknown, healthy]) {
      const check = postgresCheck({
        status: () => status,
        ready: never,
        readOnly: () => ({ query: never }),
      });
      const abort = new AbortController();
      const running = check.run(abort.signal);
      abort.abort(new Error('enough'));
      await expect(running).rejects.toThrow('enough');
    }
  });
});

describe('a pool by its shape', () => {
  const outcome = (query: PgPoolLike['query']) => ask(postgresCheck({ query }, { timeoutMs: 40 }));

  it.each([
    ['starts or shuts down', failed('57P03')],
    ['has no connection left', failed('53300')],
    ['its name cannot be resolved', failed('ENOTFOUND')],
    ['failed: XX000', failed('XX000')],
    ['closed the connection', new Error('Connection terminated unexpectedly')],
    ['cannot be reached', new Error('Connection terminated due to connection timeout')],
    ['refuses connections', new Error('wrapped', { cause: failed('ECONNREFUSED') })],
    ['failed', new Error('password of a.internal')],
    ['failed', 'a.internal'],
  ])('puts into words without an address: %s', async (detail, error) => {
    expect(await outcome(() => Promise.reject(error))).toMatchObject({
      groups: { ready: 'down', write: 'down' },
      detail,
    });
  });

  it('is down where the answer is none, or the question cannot be put', async () => {
    expect(await outcome(async () => ({ rows: [] }))).toMatchObject({ groups: { ready: 'down' } });
    const broken = () => {
      throw failed('EPIPE');
    };
    expect((await outcome(broken)).detail).toBe('closed the connection');
  });

  it('ends with its signal', async () => {
    const abort = new AbortController();
    const running = postgresCheck({ query: never }).run(abort.signal);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});

describe('postgresCheck', () => {
  it('refuses what is no database, and shows no URL', () => {
    const text = 'must be a cluster of @unite/db-ha, with status(), or a pool of pg, with query(), got';
    expect(() => postgresCheck('postgres://user:secret@host' as never)).toThrow(`${text} text`);
    expect(() => postgresCheck(undefined as never)).toThrow(`${text} undefined`);
  });

  it.each([
    [{ writeGroup: 'Write' }, 'postgresCheck: option "writeGroup" must be the name of a health group'],
    [{ group: 7 }, 'postgresCheck: option "group" must be the name of a health group, got 7'],
    [{ timeoutMs: '1' }, 'postgresCheck: option "timeoutMs" must be a positive number, got "1"'],
    [{ name: 'main' }, 'postgresCheck: unknown option "name"'],
  ])('names the option that is wrong: %j', (options, message) => {
    expect(() => postgresCheck({ status: () => healthy }, options as never)).toThrow(message);
  });
});
