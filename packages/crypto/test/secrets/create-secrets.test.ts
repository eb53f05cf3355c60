import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import type pg from 'pg';
import { createVault, type Vault } from '../../src';
import { memoryKeyring } from '../../src/keys';
import { createSweep, sweepSql } from '../../src/rotate';
import { createSecrets, type Secrets, type SecretsOptions, secretsSql } from '../../src/secrets';
import { startDatabase, type TestDatabase } from '../support/start-database';

const value = 'sk_live_51_do_not_show';
const acme = { tenantId: 'acme' };

let database: TestDatabase;
let pool: pg.Pool;
let vault: Vault;
let clock: ReturnType<typeof manualClock>;
let secrets: Secrets;

beforeAll(async () => {
  database = await startDatabase();
  pool = database.pool();
  await pool.query(secretsSql());
  await pool.query(secretsSql());
  await pool.query(sweepSql());
});
afterAll(async () => database?.[Symbol.asyncDispose]());

beforeEach(async () => {
  await pool.query('TRUNCATE unite_crypto_secrets, unite_crypto_secrets_names');
  vault = createVault({ keys: memoryKeyring() });
  clock = manualClock();
  secrets = open();
});

const open = (options: Partial<SecretsOptions> = {}) =>
  createSecrets({ vault, pool, clock, timeoutMs: 60_000, ...options });

const unknown = (what: string) => ({
  code: 'UNITE_CRYPTO_SECRET_UNKNOWN',
  message: `There is no ${what} that is usable`,
});

describe('a secret', () => {
  test('is read as it was set, by its tenant, and stored as ciphertext', async () => {
    await expect(secrets.set('stripe-key', value, acme)).resolves.toEqual({
      name: 'stripe-key',
      version: 1,
      createdAtMs: 1_000_000,
      expiresAtMs: undefined,
      usableUntilMs: undefined,
      isUsable: true,
    });
    expect((await secrets.get('stripe-key', acme)).reveal()).toBe(value);
    await expect(secrets.get('stripe-key', { tenantId: 'globex' })).rejects.toMatchObject(
      unknown('secret "stripe-key"'),
    );
    const { rows } = await pool.query('SELECT * FROM unite_crypto_secrets');
    expect(JSON.stringify(rows)).not.toContain('sk_live');
  });

  test('shows itself to nobody who does not ask for it', async () => {
    await secrets.set('stripe-key', value, acme);
    const secret = await secrets.get('stripe-key', acme);
    const shown = '[secret stripe-key v1]';
    expect(inspect(secret)).toBe(shown);
    expect(inspect({ deep: [secret] }, { depth: 9, showHidden: true })).not.toContain(value);
    expect(JSON.stringify({ secret })).toBe(`{"secret":"${shown}"}`);
    expect(String(secret)).toBe(shown);
    expect(`${secret}`).toBe(shown);
    expect(JSON.stringify(structuredClone(secret))).not.toContain(value);
    expect(JSON.stringify({ ...secret })).not.toContain(value);
  });

  test('cannot be put in the place of another, or of another tenant', async () => {
    await secrets.set('one', 'first', acme);
    await secrets.set('two', 'second', acme);
    await secrets.set('one', 'third', { tenantId: 'globex' });
    await pool.query(`
      UPDATE unite_crypto_secrets SET value = (
        SELECT value FROM unite_crypto_secrets WHERE name = 'two'
      ) WHERE name = 'one'`);
    await expect(secrets.get('one', acme)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_AUTHENTICATION_FAILED',
    });
    await expect(secrets.get('one', { tenantId: 'globex' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_TENANT_MISMATCH',
    });
  });

  test('is of the tenant of the context', async () => {
    const contextual = open({ context: () => ({ requestId: 'r', tenantId: 'acme', state: new Map() }) });
    await contextual.set('key', 'x');
    expect((await secrets.get('key', acme)).reveal()).toBe('x');
    await expect(secrets.get('key')).rejects.toMatchObject({ code: 'UNITE_CRYPTO_TENANT_MISSING' });
    await expect(secrets.list({ tenantId: '' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_TENANT_MISSING',
    });
  });
});

describe('a replacement', () => {
  test('leaves the version before it usable for its overlap', async () => {
    await secrets.set('key', 'old', acme);
    await secrets.set('key', 'new', { ...acme, overlapMs: 60_000 });
    const reveal = async () => (await secrets.usable('key', acme)).map((secret) => secret.reveal());
    await expect(reveal()).resolves.toEqual(['new', 'old']);
    expect((await secrets.get('key', acme)).reveal()).toBe('new');
    expect((await secrets.get('key', { ...acme, version: 1 })).reveal()).toBe('old');
    await clock.advance(59_999);
    await expect(reveal()).resolves.toEqual(['new', 'old']);
    await clock.advance(1);
    await expect(reveal()).resolves.toEqual(['new']);
    await expect(secrets.get('key', { ...acme, version: 1 })).rejects.toMatchObject(
      unknown('version 1 of the secret "key"'),
    );
    await expect(secrets.versions('key', acme)).resolves.toMatchObject([
      { version: 2, isUsable: true, usableUntilMs: undefined },
      { version: 1, isUsable: false, usableUntilMs: 1_060_000 },
    ]);
  });

  test('without one ends all before it, and deletes them', async () => {
    await secrets.set('key', 'old', acme);
    await secrets.set('key', 'leaked', { ...acme, overlapMs: 60_000 });
    await secrets.set('key', 'new', acme);
    await expect(secrets.versions('key', acme)).resolves.toMatchObject([{ version: 3 }]);
  });

  test('never makes an overlap longer that was to end before', async () => {
    await secrets.set('key', 'a', acme);
    await secrets.set('key', 'b', { ...acme, overlapMs: 1_000 });
    await secrets.set('key', 'c', { ...acme, overlapMs: 60_000 });
    const versions = await secrets.versions('key', acme);
    expect(versions.map(({ usableUntilMs }) => usableUntilMs)).toEqual([undefined, 1_060_000, 1_001_000]);
  });

  test('of many at once is one version each, of which one is current', async () => {
    const others = Array.from({ length: 4 }, () => open({ pool: database.pool({ max: 4 }) }));
    const sets = Array.from({ length: 24 }, (_, at) =>
      others[at % 4]?.set('key', `value ${at}`, { ...acme, overlapMs: 60_000 }),
    );
    const made = await Promise.all(sets);
    const numbers = made.map((one) => one?.version).sort((one, other) => Number(one) - Number(other));
    expect(numbers).toEqual(Array.from({ length: 24 }, (_, at) => at + 1));
    const versions = await secrets.versions('key', acme);
    expect(versions.filter(({ usableUntilMs }) => usableUntilMs === undefined)).toMatchObject([
      { version: 24 },
    ]);
    const current = made.findIndex((one) => one?.version === 24);
    expect((await secrets.get('key', acme)).reveal()).toBe(`value ${current}`);
  });
});

test('a secret that has expired is not given out, nor an earlier one for it', async () => {
  await secrets.set('token', 'old', acme);
  await secrets.set('token', 'new', { ...acme, overlapMs: 60_000, expiresAtMs: 1_010_000 });
  expect(await secrets.get('token', acme)).toMatchObject({ version: 2, expiresAtMs: 1_010_000 });
  await clock.advance(10_000);
  await expect(secrets.get('token', acme)).rejects.toMatchObject(unknown('secret "token"'));
  expect((await secrets.usable('token', acme)).map((secret) => secret.reveal())).toEqual(['old']);
});

test('secrets are listed by name without values, and removed with all versions', async () => {
  await secrets.set('b', 'x', acme);
  await secrets.set('b', 'y', { ...acme, overlapMs: 1_000 });
  await secrets.set('a', 'z', acme);
  await secrets.set('c', 'w', { tenantId: 'globex' });
  await expect(secrets.list(acme)).resolves.toMatchObject([
    { name: 'a', version: 1 },
    { name: 'b', version: 2 },
  ]);
  await expect(secrets.remove('b', acme)).resolves.toBe(true);
  await expect(secrets.remove('b', acme)).resolves.toBe(false);
  await expect(secrets.versions('b', acme)).resolves.toEqual([]);
  await expect(secrets.set('b', 'again', acme)).resolves.toMatchObject({ version: 3 });
});

test('a sweep brings secrets to a new key', async () => {
  await secrets.set('key', 'old', acme);
  await secrets.set('key', 'new', { ...acme, overlapMs: 60_000 });
  const [first] = (await vault.keys.describe('acme'))?.keys ?? [];
  await vault.keys.rotate('acme', { activeAfterMs: 0 });
  await expect(createSweep({ pool, vault, table: secrets.table }).run()).resolves.toMatchObject({
    complete: true,
    rewritten: 2,
  });
  await vault.keys.retire('acme', Number(first?.keyId));
  expect((await secrets.get('key', acme)).reveal()).toBe('new');
});

describe('what cannot be', () => {
  test('names and values', async () => {
    for (const name of ['', 'a\nb', 'x'.repeat(256), 7 as never]) {
      await expect(secrets.set(name, 'x', acme)).rejects.toMatchObject({
        code: 'UNITE_CRYPTO_PLACE_INVALID',
      });
      await expect(secrets.get(name, acme)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_PLACE_INVALID' });
      await expect(secrets.remove(name, acme)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_PLACE_INVALID' });
    }
    await expect(secrets.set('key', '', acme)).rejects.toThrow('the secret "key" must be text, got none');
    await expect(secrets.set('key', 7 as never, acme)).rejects.toThrow('must be text, got number');
    await expect(secrets.set('key', 'x', { ...acme, overlapMs: -1 })).rejects.toThrow(
      'secrets.set: option "overlapMs" must be a whole number from 0, got -1',
    );
    await expect(secrets.set('key', 'x', { ...acme, expiresAtMs: 0.5 })).rejects.toThrow('"expiresAtMs"');
  });

  test('options', () => {
    expect(() => open({ pool: 'postgres://u:secret@h' as never })).toThrow(
      'createSecrets: option "pool" must be a pool of pg, got text',
    );
    expect(() => open({ vault: {} as never })).toThrow('option "vault" must be a vault, got an object');
    expect(() => secretsSql({ tablePrefix: 'a; drop' })).toThrow('"tablePrefix" must be up to 48 lower case');
  });

  test('tables that are not there, and what the database refuses', async () => {
    await expect(open({ tablePrefix: 'nowhere' }).get('key', acme)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_SECRETS_UNAVAILABLE',
      message: 'The tables of secrets are missing or of another version: run the SQL of secretsSql()',
      status: 503,
    });
    await pool.query(`ALTER TABLE unite_crypto_secrets ADD CONSTRAINT no CHECK (name <> 'no')`);
    const failure: unknown = await secrets.set('no', value, acme).catch((error: unknown) => error);
    await pool.query(`ALTER TABLE unite_crypto_secrets DROP CONSTRAINT no`);
    expect(failure).toMatchObject({ message: 'PostgreSQL refuses: 23514' });
    expect(inspect(failure, { depth: 9 })).not.toContain('Failing row');
    await expect(secrets.list(acme)).resolves.toEqual([]);
  });

  test('a server that does not answer, for longer than it may', async () => {
    const own = database.pool({ max: 1 });
    const slow = open({ pool: own, timeoutMs: 300 });
    await secrets.set('key', 'x', acme);
    await own.query('SELECT 1');
    await database.node.kill('SIGSTOP');
    const attempts = [slow.get('key', acme), slow.get('key', acme)];
    for (const attempt of attempts) {
      await expect(attempt).rejects.toMatchObject({ code: 'UNITE_CRYPTO_SECRETS_UNAVAILABLE' });
    }
    await database.node.kill('SIGCONT');
    expect((await secrets.get('key', acme)).reveal()).toBe('x');
  });
});
