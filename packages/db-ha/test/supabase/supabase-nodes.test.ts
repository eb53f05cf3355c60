import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Client } from 'pg';
import { type SupabaseOptions, supabaseNodes } from '../../src/supabase';

const primary = 'abcdefghijklmnopqrst';
const replica = 'abcdefghijklmnopqrst-rr-us-east-1-kbxyz';
const databases = [primary, replica];
const password = 'pa%41ss/w:or@d#?';
const poolerHost = 'aws-1-eu-central-1.pooler.supabase.com';

/** What `pg` makes of the URL. */
const connectionOf = ({ url }: { url: string }) => {
  const { user, password: plain, host, port, database } = new Client(url);
  return { user, password: plain, host, port, database };
};

describe('identifiers lead', () => {
  test.each<[SupabaseOptions['connection'], object[]]>([
    [
      'direct',
      [
        { user: 'postgres', host: `db.${primary}.supabase.co`, port: 5432 },
        { user: 'postgres', host: `db.${replica}.supabase.co`, port: 5432 },
      ],
    ],
    [
      'session',
      [
        { user: `postgres.${primary}`, host: poolerHost, port: 5432 },
        { user: `postgres.${replica}`, host: poolerHost, port: 5432 },
      ],
    ],
    [
      'transaction',
      [
        { user: `postgres.${primary}`, host: poolerHost, port: 6543 },
        { user: `postgres.${replica}`, host: poolerHost, port: 6543 },
      ],
    ],
  ])('by %s connection', (connection, expected) => {
    const nodes = supabaseNodes({ databases, password, connection, poolerHost });
    expect(nodes.map(connectionOf)).toEqual(
      expected.map((each) => ({ ...each, password, database: 'postgres' })),
    );
    expect(nodes.map(({ name }) => name)).toEqual(databases);
    const pooler = connection === 'transaction' ? 'transaction' : 'none';
    expect(nodes.map((node) => node.pooler)).toEqual([pooler, pooler]);
  });

  test('by the dedicated pooler of the primary', () => {
    const [node] = supabaseNodes({ databases: [primary], password, connection: 'dedicated' });
    expect(node && connectionOf(node)).toMatchObject({
      user: 'postgres',
      host: `db.${primary}.supabase.co`,
      port: 6543,
    });
    expect(node?.pooler).toBe('transaction');
    expect(() => supabaseNodes({ databases, password, connection: 'dedicated' })).toThrow(
      'supabaseNodes: databases[1] is a read replica, which has no dedicated pooler that is documented',
    );
  });

  test('directly where nothing else is said, as another role to another database', () => {
    const [node] = supabaseNodes({ databases: [primary], password, user: 'app role', database: 'crm_eu' });
    expect(node && connectionOf(node)).toEqual({
      user: 'app role',
      password,
      host: `db.${primary}.supabase.co`,
      port: 5432,
      database: 'crm_eu',
    });
    const [pooled] = supabaseNodes({
      databases: [primary],
      password,
      user: 'app',
      connection: 'session',
      poolerHost,
    });
    expect(pooled && connectionOf(pooled).user).toBe(`app.${primary}`);
  });
});

describe('connection strings as the dashboard shows them', () => {
  const shown = {
    direct: `postgresql://postgres:[YOUR-PASSWORD]@db.${primary}.supabase.co:5432/postgres`,
    dedicated: `postgresql://postgres:[YOUR-PASSWORD]@db.${primary}.supabase.co:6543/postgres`,
    session: `postgres://postgres.${replica}:[YOUR-PASSWORD]@${poolerHost}:5432/postgres`,
    transaction: `postgresql://postgres.${replica}:[YOUR-PASSWORD]@${poolerHost}:6543/postgres?sslmode=verify-full`,
  };

  test('get the password, a name and what stands between', () => {
    const nodes = supabaseNodes({ databases: Object.values(shown), password });
    expect(nodes.map(connectionOf)).toMatchObject([
      { user: 'postgres', password, host: `db.${primary}.supabase.co`, port: 5432, database: 'postgres' },
      { user: 'postgres', password, host: `db.${primary}.supabase.co`, port: 6543 },
      { user: `postgres.${replica}`, password, host: poolerHost, port: 5432 },
      { user: `postgres.${replica}`, password, host: poolerHost, port: 6543 },
    ]);
    expect(nodes.map(({ name, pooler }) => [name, pooler])).toEqual([
      [primary, 'none'],
      [primary, 'transaction'],
      [replica, 'none'],
      [replica, 'transaction'],
    ]);
    expect(nodes[3]?.url).toMatch(/\?sslmode=verify-full$/);
  });

  test('keep a password that stands in them, and a host of one’s own', () => {
    const text = 'postgres://app:own%40secret@db.example.com:6543/crm';
    expect(supabaseNodes({ databases: [text] })).toEqual([{ url: text, pooler: 'transaction' }]);
  });

  test.each(['[YOUR-PASSWORD]', ''])('want a password where there is %j', (given) => {
    const text = shown.direct.replace('[YOUR-PASSWORD]', given);
    expect(() => supabaseNodes({ databases: [text] })).toThrow(
      'supabaseNodes: databases[0] holds no password; give the option "password"',
    );
  });

  test.each(['mysql://a:b@c/d', 'postgresql://a:secret@[/x', 'https://supabase.com'])('refuse %j', (text) => {
    const call = () => supabaseNodes({ databases: [text], password });
    expect(call).toThrow('supabaseNodes: databases[0] is no connection string');
    expect(call).not.toThrow('secret');
  });
});

test('every password arrives as it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (any) => {
      const texts = [primary, `postgresql://postgres:[YOUR-PASSWORD]@${poolerHost}:6543/postgres`];
      for (const node of supabaseNodes({ databases: texts, password: any })) {
        expect(connectionOf(node).password).toBe(any);
      }
    }),
  );
});

test.each<[object, string]>([
  [{ databases: [] }, 'supabaseNodes: option "databases" must be a non-empty array'],
  [{ databases: primary }, 'option "databases"'],
  [{ databases: [1] }, 'option "databases"'],
  [{ databases: ['host=a password=secret'] }, 'databases[0] must be an identifier such as'],
  [{ password: undefined }, 'supabaseNodes: option "password" is required for identifiers'],
  [{ password: '' }, 'option "password" must be a non-empty string'],
  [{ connection: 'pooled' }, `option "connection" must be 'direct', 'dedicated', 'session' or 'transaction'`],
  [{ connection: 'session' }, 'option "poolerHost" is required for connection "session"'],
  [{ poolerHost: 'https://a' }, 'option "poolerHost" must be a host such as'],
  [{ database: 'crm/eu' }, 'option "database" must be a name of letters'],
  [{ region: 'eu-central-1' }, 'supabaseNodes: unknown option "region"'],
])('refuses %j, and shows no password', (options, message) => {
  const call = () => supabaseNodes({ databases, password, ...options } as never);
  expect(call).toThrow(message);
  expect(call).not.toThrow('secret');
  expect(call).not.toThrow(password);
});
