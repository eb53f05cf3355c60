import { randomBytes } from 'node:crypto';
import type { Clock } from '@unite/core';
import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import { Sealer } from '../xaes/sealer';
import type { KeyProvider } from './key-types';
import { memoryKeyStore } from './memory-key-store';
import { ringKeyring } from './ring-keyring';
import { isRootKeyName, isZeroKey, keyBytes, rootKeyNames } from './root-ring';

/** Options of `memoryKeyring`. */
export interface MemoryKeyringOptions {
  /** Root keys of 32 bytes by name. @default one random key, `memory` */
  readonly keys?: Readonly<Record<string, Uint8Array>> | undefined;
  /** The one that wraps. @default the last one of `keys` */
  readonly primary?: string | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/**
 * Root keys in this process, for tests and development: what it encrypts can be read by nobody after a restart.
 *
 * @throws TypeError
 * @example
 * const vault = createVault({ keys: memoryKeyring() });
 */
export function memoryKeyring(options: MemoryKeyringOptions = {}): KeyProvider {
  checkOptions('memoryKeyring', options, {
    keys: expects(
      `an object of at least one key of ${keyBytes} bytes that are not all zero, whose name is ${rootKeyNames}`,
      areKeys,
    ),
    primary: expects('the name of one of the keys', (name) =>
      Object.hasOwn(options.keys ?? { memory: 0 }, String(name)),
    ),
    clock: optionChecks.object,
  });
  const { keys: given = { memory: randomBytes(keyBytes) }, clock = systemClock } = options;
  const createdAtMs = clock.wallMs();
  const keys = new Map(
    Object.entries(given).map(([id, key]) => [
      id,
      { state: 'active' as const, createdAtMs, sealer: new Sealer(key) },
    ]),
  );
  const ring = { primary: options.primary ?? ([...keys.keys()].at(-1) as string), keys };
  return ringKeyring({
    name: 'memory',
    title: 'The keyring in memory',
    ring: () => ring,
    store: memoryKeyStore({ clock }),
  });
}

function areKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(
      ([name, key]) =>
        isRootKeyName(name) && key instanceof Uint8Array && key.length === keyBytes && !isZeroKey(key),
    )
  );
}
