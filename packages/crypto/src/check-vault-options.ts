import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import type { KeyStore } from './keys/key-types';
import { fitsName, maxNameBytes } from './place/fits-name';
import { refuseSecretText } from './refuse-secret-text';
import type { VaultOptions } from './types';

const { function: isFunction, object, positive } = optionChecks;
const keys = has('a key provider, such as fileKeyring(path)', 'generate', 'unwrap', 'rewrap');
const store = has(
  'a key store, such as postgresKeyStore(pool)',
  'read',
  'add',
  'replace',
  'remove',
  'shred',
  'tenants',
);
const count = expects('a whole number from 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1);
const duration = expects(
  'a number from 0',
  (value) => typeof value === 'number' && value >= 0 && value < Infinity,
);

/**
 * Checks the options of a vault.
 *
 * @returns where data keys are kept
 * @throws TypeError that names the option and what it got
 */
export function checkVaultOptions(options: VaultOptions): KeyStore {
  refuseSecretText('createVault', options, { keys, store });
  checkOptions(
    'createVault',
    options,
    {
      keys,
      store,
      name: expects('1 to 64 letters, digits, ".", "_" and "-"', (value) =>
        /^[\w.-]{1,64}$/.test(String(value)),
      ),
      context: isFunction,
      tenantId: expects(`text of 1 to ${maxNameBytes} bytes of UTF-8`, fitsName),
      mayDecrypt: isFunction,
      keyCache: object,
      timeoutMs: positive,
      maxValueBytes: count,
      clock: has('a clock with "wallMs", "monotonicMs" and "sleep"', 'wallMs', 'monotonicMs', 'sleep'),
    },
    ['keys'],
  );
  checkOptions('createVault: keyCache', options.keyCache ?? {}, {
    ttlMs: positive,
    staleMs: duration,
    maxUses: count,
    maxTenants: count,
  });
  const kept = options.store ?? options.keys.store;
  if (kept) return kept;
  throw new TypeError(
    `createVault: option "store" is missing, and the key provider ${describeValue(options.keys.name)} keeps no data keys itself; give it one, such as postgresKeyStore(pool)`,
  );
}

function has(demand: string, ...methods: readonly string[]) {
  return expects(demand, (value) =>
    methods.every((method) => typeof (value as Record<string, unknown> | null)?.[method] === 'function'),
  );
}
