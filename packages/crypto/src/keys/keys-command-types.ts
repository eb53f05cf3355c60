import type { CryptoInventoryOptions } from '../inventory';
import type { Vault } from '../types';
import type { KeyProvider } from './key-types';

/** Options of `keysCommand`. */
export interface KeysCommandOptions {
  /** Whose tenants' keys are looked after. */
  readonly vault: Pick<Vault, 'keys' | 'status'>;
  /** The vault's key provider, whose root keys `status` and `inventory` list. @default none are listed */
  readonly keys?: Pick<KeyProvider, 'name' | 'algorithm' | 'rootKeys'> | undefined;
  /** The file of `fileKeyring`. @default none: root keys are made where the key provider has them */
  readonly keyringPath?: string | undefined;
  /** What else `inventory` lists: connections, passwords. */
  readonly inventory?: Omit<CryptoInventoryOptions, 'vaults' | 'keys' | 'signal'> | undefined;
}
