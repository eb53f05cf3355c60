import { setTimeout } from 'node:timers/promises';
import { createVault } from '../../packages/crypto/dist/index.js';
import { memoryKeyring } from '../../packages/crypto/dist/keys.js';

const decrypts = 1_000;
/** As far away as a hosted key service. */
const awayMs = 20;

/** A process that has just started, and a thousand requests that need the same key at once. */
export async function coldDecrypts(report) {
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
  report.table(
    'Cold decrypts at once',
    ['decrypts', 'calls of the provider', 'reads of the store', 'wrong', 'ms'],
    [[decrypts, calls.unwrap, calls.read, wrong, ms.toFixed(0)]],
  );
  report.claim(
    `${decrypts.toLocaleString('en')} cold decrypts at once make exactly one call of the key provider and one read of the store`,
    calls.unwrap === 1 && calls.read === 1 && wrong === 0,
    { figure: `${calls.unwrap} and ${calls.read}` },
  );
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
