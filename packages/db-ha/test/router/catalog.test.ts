import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as parser from 'libpg-query';
import { createRouter, type Router } from '../../src/router';
import { safeFunctions } from '../../src/router/safe-functions';
import { safeRelations } from '../../src/router/safe-relations';
import { harmless, schemaSql } from './statements';
import { startTwoPools, type TwoPools } from './two-pools';

let pools: TwoPools;
let router: Router;
beforeAll(async () => {
  router = await createRouter({ parser });
  pools = await startTwoPools(schemaSql);
});
afterAll(async () => {
  await pools?.[Symbol.asyncDispose]();
});

describe('what the router knows of PostgreSQL', () => {
  it('is what the server says', async () => {
    const script = join(__dirname, '../../scripts/generate-router-catalog.mjs');
    const { connectionString } = pools.primary.options;
    await promisify(execFile)(process.execPath, [script, '--check', String(connectionString)]);
  });

  it('names no function that a replica refuses or that is volatile', async () => {
    const { rows } = await pools.primary.query(
      `SELECT DISTINCT proname FROM pg_proc
       WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile = 'v' AND proname = ANY ($1)`,
      [[...safeFunctions]],
    );
    expect(rows.map((row) => row.proname).sort()).toEqual([
      'array_sample',
      'array_shuffle',
      'clock_timestamp',
      'gen_random_uuid',
      'random',
      'random_normal',
      'timeofday',
      'uuidv4',
      'uuidv7',
    ]);
  });

  it('lists only those views whose definitions are harmless themselves', async () => {
    const { rows } = await pools.primary.query(
      `SELECT relname, pg_get_viewdef(oid) AS definition FROM pg_class
       WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'v' AND relname = ANY ($1)`,
      [[...safeRelations]],
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const { relname, definition } of rows) {
      expect([relname, router.classify(definition)]).toEqual([relname, { target: 'replica' }]);
    }
  });
});

describe('a replica', () => {
  it.each(harmless.map((text) => ({ text })))('runs $text', async ({ text }) => {
    const parameters = Math.max(0, ...[...text.matchAll(/\$(\d)/g)].map((match) => Number(match[1])));
    const values = Array.from({ length: parameters }, () => null);
    await expect(pools.replica.query(text, values)).resolves.toBeDefined();
  });
});
