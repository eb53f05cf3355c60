import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { currentContext } from '@unite/core/context';
import { compose, withContext } from '@unite/core/next';
import { defineProblems } from '@unite/problem';
import { withProblems } from '@unite/problem/next';
import {
  createQuota,
  definePlans,
  memoryStore,
  type Quota,
  QuotaError,
  quotaProblem,
  rateLimit,
} from '@unite/quota';
import { manualClock } from '@unite/shared/testing';
import { createVault, type DecryptAttempt, type Vault } from '../../src';
import { memoryKeyring } from '../../src/keys';
import { defineRoles } from '../../src/rbac';

// As an application composes them: neither package knows the other.

const roles = defineRoles({
  roles: { viewer: { allow: [] }, member: { allow: ['decrypt contacts.email', 'decrypt contacts.phone'] } },
});
const mayDecrypt = roles.mayDecrypt(() => (currentContext()?.userId === 'vera' ? 'viewer' : 'member'));

let clock: ReturnType<typeof manualClock>;
let quota: Quota;
let vault: Vault;
let stored: readonly { readonly id: number; readonly email: string; readonly phone: string }[];
const table = () => vault.table('contacts', { rowId: 'id', columns: { email: {}, phone: {} } });

beforeEach(async () => {
  clock = manualClock();
  quota = createQuota({
    plans: definePlans({ pro: { apiCallsPerDay: null } }),
    shared: {
      person: { decryptionsPerPerson: rateLimit({ of: 'decryptions', limit: 100, windowMs: 60_000 }) },
    },
    store: memoryStore({ clock }),
    clock,
  });
  vault = createVault({
    keys: memoryKeyring(),
    mayDecrypt: async (attempt) => {
      if (!(await mayDecrypt(attempt))) return false;
      await chargeDecryptions(attempt);
      return true;
    },
  });
  const rows = [...Array(20).keys()].map((id) => ({ id, email: `${id}@example.com`, phone: `+49 ${id}` }));
  stored = await Promise.all(rows.map((row) => table().encrypt(row, { tenantId: 'acme' })));
});
afterEach(() => quota.close());

/** What is read for nobody, such as by a job, is nobody's to use up. */
async function chargeDecryptions({ tenantId, count }: DecryptAttempt): Promise<void> {
  const userId = currentContext()?.userId;
  if (userId === undefined) return;
  const person = `${tenantId}/${userId}`;
  const decision = await quota.check({ tenantId, use: { decryptions: count }, for: { person } });
  if (decision.allowed) return;
  throw new QuotaError('UNITE_QUOTA_EXCEEDED', 'Too many values were decrypted for one person', {
    decision,
    problem: quotaProblem(decision),
  });
}

const route = compose(
  withContext({
    identify: (request) => ({
      tenantId: 'acme',
      plan: 'pro',
      userId: request.headers.get('x-user') ?? undefined,
    }),
  }),
  withProblems(defineProblems({ baseUrl: 'https://crm.example/errors/', types: {} })),
);
const GET = route(async (request) => {
  const rows = stored.slice(0, Number(new URL(request.url).searchParams.get('rows') ?? stored.length));
  return Response.json(await table().decryptAll(rows));
});
const ask = (user: string | undefined, rows = 20) =>
  GET(
    new Request(`https://crm.example/contacts?rows=${rows}`, {
      headers: user === undefined ? {} : { 'x-user': user },
    }),
    { params: Promise.resolve({}) },
  );

test('who reads more values in a minute than a person does is refused with 429, and others are not', async () => {
  // Two columns of twenty contacts.
  expect((await ask('mallory')).status).toBe(200);
  expect((await ask('mallory')).status).toBe(200);
  const before = vault.status().decrypted;
  const refused = await ask('mallory', 15);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({
    status: 429,
    'violated-policies': ['decryptionsPerPerson'],
    limits: expect.arrayContaining([
      expect.objectContaining({ name: 'decryptionsPerPerson', limit: 100, remaining: 5 }),
    ]),
  });
  // Fifteen e-mails were within the bound, the phones after them were not.
  expect(vault.status().decrypted).toBe(before + 15);

  expect((await ask('ada')).status).toBe(200);
  await clock.advance(60_000);
  expect((await ask('mallory')).status).toBe(200);
});

test('what is refused for other reasons is not charged, and jobs are not limited', async () => {
  for (const _ of Array(5)) expect((await ask('vera')).status).toBe(403);
  for (const _ of Array(5)) expect((await ask(undefined)).status).toBe(200);
  const { remaining } = await left('vera');
  expect(remaining).toBe(100);
});

test('more at once than anybody may is refused whole, and leaves what was there', async () => {
  const email = vault.field('contacts', 'email');
  const items = [...Array(101).keys()].map(() => ({ value: stored[0]?.email ?? '', rowId: 0 }));
  const readAll = route(async () => Response.json(await email.decryptAll(items)));
  const request = new Request('https://crm.example/export', { headers: { 'x-user': 'mallory' } });
  expect((await readAll(request, { params: Promise.resolve({}) })).status).toBe(429);
  expect(vault.status().decrypted).toBe(0);
  expect((await left('mallory')).remaining).toBe(100);
});

async function left(userId: string): Promise<{ readonly remaining: number | null }> {
  const { limits } = await quota.check({
    tenantId: 'acme',
    plan: 'pro',
    use: { decryptions: 0 },
    for: { person: `acme/${userId}` },
  });
  return { remaining: limits.find(({ name }) => name === 'decryptionsPerPerson')?.remaining ?? null };
}
