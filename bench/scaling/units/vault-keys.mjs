import { createVault } from '../../../packages/crypto/dist/index.js';
import { memoryKeyring } from '../../../packages/crypto/dist/keys.js';
import { heldBytes, processUs } from './process-processor.mjs';
import { figure, unitCost } from './unit-cost.mjs';

const tenants = 2_000;
const value = 'ada.lovelace@analytical-engine.example, 64 bytes of an address..';

/** A process's time for a field, and what tenants' keys take: calls to who keeps the root key, and memory. */
export async function vaultKeys({ rounds, scale }) {
  const keys = counted(memoryKeyring());
  const writer = createVault({ keys: keys.provider });
  const sealed = [];
  for (let tenant = 0; tenant < tenants; tenant += 1)
    sealed.push(await fieldOf(writer).encrypt(value, { rowId: 1, tenantId: `t-${tenant}` }));
  const generated = keys.calls();

  const reader = createVault({ keys: keys.provider });
  const field = fieldOf(reader);
  const readAll = async () => {
    for (const [tenant, text] of sealed.entries())
      await field.decrypt(text, { rowId: 1, tenantId: `t-${tenant}` });
    return field;
  };
  const bytes = await heldBytes(readAll);
  const unwrapped = keys.calls() - generated;
  let at = 0;
  const vaultFieldUs = await unitCost(
    {
      what: 'a field of 64 bytes, encrypted and decrypted',
      unit: 'µs of a process',
      rounds,
      calls: 20_000 * scale,
    },
    processUs,
    async (calls) => {
      for (let call = 0; call < calls; call += 1) {
        const place = { rowId: 1, tenantId: `t-${at++ % 100}` };
        await field.decrypt(await field.encrypt(value, place), place);
      }
    },
  );
  await Promise.all([writer.close(), reader.close()]);
  return {
    vaultFieldUs,
    vaultUnwraps: figure({ what: 'a tenant that a process meets', unit: 'calls of the KMS' }, [
      unwrapped / tenants,
    ]),
    vaultTenantBytes: figure({ what: 'a tenant’s key, held', unit: 'bytes' }, [bytes / tenants]),
  };
}

const fieldOf = (vault) => vault.field('contacts', 'email');

function counted(provider) {
  let calls = 0;
  const count =
    (method) =>
    (...args) => {
      calls += 1;
      return method.apply(provider, args);
    };
  return {
    calls: () => calls,
    provider: {
      name: provider.name,
      algorithm: provider.algorithm,
      store: provider.store,
      generate: count(provider.generate),
      unwrap: count(provider.unwrap),
      rewrap: count(provider.rewrap),
    },
  };
}
