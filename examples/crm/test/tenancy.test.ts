import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';

/** SQL as the application's role, past all of its code: what PostgreSQL itself allows. */
describe('row-level security', () => {
  let client: pg.Client;

  beforeAll(async () => {
    client = new pg.Client({ connectionString: process.env.TEST_APP_URL });
    await client.connect();
  });
  afterAll(() => client.end());

  for (const table of ['contacts', 'campaigns']) {
    test(`${table}: without a tenant there is nothing`, async () => {
      expect(await count(table)).toBe(0);
    });

    test(`${table}: with a tenant there is its own, and nobody can ask for another's`, async () => {
      await inTenant('lantern', async () => {
        const { rows } = await client.query(`select distinct tenant_id from ${table}`);
        expect(rows).toEqual([{ tenant_id: 'lantern' }]);
        const others = await client.query(`select from ${table} where tenant_id <> 'lantern'`);
        expect(others.rowCount).toBe(0);
      });
      expect(await count(table)).toBe(0);
    });

    test(`${table}: nothing of another tenant can be changed or deleted`, async () => {
      await inTenant('lantern', async () => {
        expect(
          (await client.query(`update ${table} set name = 'taken over' where tenant_id = 'harbour'`))
            .rowCount,
        ).toBe(0);
        expect((await client.query(`delete from ${table} where tenant_id = 'harbour'`)).rowCount).toBe(0);
      });
    });
  }

  test.each(['campaign_jobs', 'campaign_deliveries'])(
    '%s: a tenant sees and makes its own alone',
    async (table) => {
      expect(await count(table)).toBe(0);
      await inTenant('lantern', async () => {
        const others = await client.query(`select from ${table} where tenant_id <> 'lantern'`);
        expect(others.rowCount).toBe(0);
        const column = table === 'campaign_jobs' ? 'user_id, due_at' : 'contact_id';
        const value = table === 'campaign_jobs' ? `'x', now()` : 'gen_random_uuid()';
        await expect(
          client.query(
            `insert into ${table} (campaign_id, tenant_id, ${column}) values (gen_random_uuid(), 'harbour', ${value})`,
          ),
        ).rejects.toMatchObject({ code: '42501' });
      });
    },
  );

  test('a row cannot be given to another tenant', async () => {
    await inTenant('lantern', async () => {
      await expect(client.query(`update contacts set tenant_id = 'harbour'`)).rejects.toMatchObject({
        code: '42501',
      });
    });
  });

  test('a row cannot be made for another tenant', async () => {
    await inTenant('lantern', async () => {
      const insert = `insert into contacts (id, tenant_id, email) values (gen_random_uuid(), 'harbour', 'x@y.example')`;
      await expect(client.query(insert)).rejects.toMatchObject({ code: '42501' });
    });
  });

  test('the role cannot lift what binds it', async () => {
    for (const statement of [
      'alter table contacts disable row level security',
      'set role crm_owner',
      'drop policy contacts_of_one_tenant on contacts',
      'truncate contacts',
    ]) {
      await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });

  async function count(table: string): Promise<number> {
    return (await client.query(`select count(*)::int as count from ${table}`)).rows[0].count;
  }

  async function inTenant(tenantId: string, work: () => Promise<void>): Promise<void> {
    await client.query('begin');
    try {
      await client.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
      await work();
    } finally {
      await client.query('rollback');
    }
  }
});
