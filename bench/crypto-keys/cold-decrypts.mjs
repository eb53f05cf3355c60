import { setTimeout } from 'node:timers/promises';
import { createVault } from '../../packages/crypto/dist/index.js';
import { memoryKeyring } from '../../packages/crypto/dist/keys.js';
import { table } from '../lib/table.mjs';

const decrypts = 1_000;
/** As far away as a hosted key service. */
const awayMs = 20;

/** A process that has just started, and a thousand requests that need the same key at once. */
export async function coldDecrypts() {
  const calls = { unwrap: 0, read: 0 };
  const keys = counted(memoryKeyring(), calls);
  const before = createVault({ keys, tenantId: 'acme' });
  const field = before.field('contacts', 'email');
  const rows = await Promise.all(
    Array.from({ length: decrypts }, async (_, rowId) => ({
      rowId,
      stored: await field.encrypt(`${rowId}@example.com`, { rowId }),
    })),
  );
  await before.close();

  Object.assign(calls, { unwrap: 0, read: 0 });
  const cold = createVault({ keys, tenantId: 'acme' });
  const email = cold.field('contacts', 'email');
  const startMs = performance.now();
  const read = await Promise.all(rows.map(({ rowId, stored }) => email.decrypt(stored, { rowId })));
  const ms = performance.now() - startMs;
  await cold.close();
  const wrong = read.filter((value, rowId) => value !== `${rowId}@example.com`).length;
  console.log(
    table(
      ['Cold decrypts at once', 'calls of the provider', 'reads of the store', 'wrong', 'ms'],
      [[decrypts, calls.unwrap, calls.read, wrong, ms.toFixed(0)]],
    ),
    '\n',
  );
  return [
    [
      `${decrypts.toLocaleString('en')} cold decrypts at once make ${calls.unwrap} call of the key provider and ${calls.read} read of the store (exactly 1 and 1)`,
      calls.unwrap === 1 && calls.read === 1 && wrong === 0,
    ],
  ];
}

/** Counts what it is asked, and takes its time. */
function counted(provider, calls) {
  return {
    ...provider,
    async unwrap(...given) {
      calls.unwrap += 1;
      await setTimeout(awayMs);
      return provider.unwrap(...given);
    },
    store: {
      ...provider.store,
      async read(...given) {
        calls.read += 1;
        await setTimeout(awayMs);
        return provider.store.read(...given);
      },
    },
  };
}
