import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import cipherSweet from 'ciphersweet-js';
import { runWithContext } from '../../packages/core/dist/context.js';
import { createVault } from '../../packages/crypto/dist/index.js';
import { memoryKeyring } from '../../packages/crypto/dist/keys.js';

const tenants = Array.from({ length: 50 }, (_, at) => `tenant-${at}`);
const atATime = 500;

/**
 * Requests of many tenants that wait in between, as those for a database do. Each encrypts for its own tenant; who can
 * decrypt it is found out afterwards.
 */
export async function interleavedTenants(report) {
  const requests = 10_000;
  const peerRequests = report.quick ? 1_000 : 10_000;
  const ours = await ofVault(requests);
  const theirs = await ofCipherSweet(peerRequests);
  report.table(
    'Requests of 50 tenants, 500 at a time',
    ['', 'requests', 'under a wrong key', 'not readable by its tenant'],
    [
      ['@unite/crypto, tenant from the context', requests, ours.wrongKey, ours.unreadable],
      ['ciphersweet-js, setActiveTenant', peerRequests, theirs.wrongKey, theirs.unreadable],
    ],
  );
  report.claim(
    `${requests.toLocaleString('en')} requests of 50 tenants at once: none is under a wrong key`,
    ours.wrongKey === 0 && ours.unreadable === 0,
    {
      figure: `${ours.wrongKey}; ciphersweet-js: ${theirs.wrongKey} of ${peerRequests.toLocaleString('en')}`,
    },
  );
}

async function ofVault(requests) {
  const keys = memoryKeyring();
  // As an application makes it: each request's tenant is in its own AsyncLocalStorage context.
  const vault = createVault({ keys });
  const field = vault.field('contacts', 'email');
  const written = [];
  await inTurns(requests, (tenantId, rowId) =>
    runWithContext({ requestId: `r${rowId}`, tenantId, state: new Map() }, async () => {
      await aWhile();
      const stored = await field.encrypt(`${tenantId} ${rowId}`, { rowId });
      await aWhile();
      const isOwn = (await field.decrypt(stored, { rowId })) === `${tenantId} ${rowId}`;
      written.push({ tenantId, rowId, stored, isOwn });
    }),
  );
  await vault.close();

  // Another process that knows each row's tenant.
  const reader = createVault({ keys }).field('contacts', 'email');
  let wrongKey = 0;
  let unreadable = 0;
  for (const { tenantId, rowId, stored, isOwn } of written) {
    const read = await reader.decrypt(stored, { rowId, tenantId }).catch((error) => error);
    if (read?.code === 'UNITE_CRYPTO_TENANT_MISMATCH') wrongKey += 1;
    if (read !== `${tenantId} ${rowId}` || !isOwn) unreadable += 1;
  }
  if (written.length !== requests) throw new Error(`${written.length} of ${requests} requests have ended`);
  return { wrongKey, unreadable };
}

async function ofCipherSweet(requests) {
  const { BoringCrypto, CipherSweet, EncryptedField, MultiTenantProvider, StringProvider } = cipherSweet;
  const providers = Object.fromEntries(
    tenants.map((tenant, at) => [tenant, new StringProvider(String(at).padStart(64, '0'))]),
  );
  const engine = new CipherSweet(new MultiTenantProvider(providers, tenants[0]), new BoringCrypto());
  const field = new EncryptedField(engine, 'contacts', 'email');
  const written = [];
  await inTurns(requests, async (tenantId, rowId) => {
    await field.setActiveTenant(tenantId);
    await aWhile();
    written.push({ tenantId, stored: await field.encryptValue(`${tenantId} ${rowId}`) });
  });

  const readers = new Map();
  for (const tenant of tenants) {
    const own = new CipherSweet(providers[tenant], new BoringCrypto());
    readers.set(tenant, await EncryptedField.build(own, 'contacts', 'email'));
  }
  let unreadable = 0;
  for (const { tenantId, stored } of written) {
    const read = await readers
      .get(tenantId)
      .decryptValue(stored)
      .catch(() => undefined);
    if (read === undefined) unreadable += 1;
  }
  return { wrongKey: unreadable, unreadable };
}

/** So many requests, some hundreds of them open at any time, each of a tenant by chance. */
async function inTurns(requests, handle) {
  let next = 0;
  const worker = async () => {
    while (next < requests) {
      next += 1;
      await handle(tenants[randomInt(tenants.length)], next);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

/** A turn of the event loop, or a few milliseconds. */
function aWhile() {
  return randomInt(4) === 0 ? setTimeout(randomInt(1, 4)) : new Promise(setImmediate);
}
