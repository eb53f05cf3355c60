import type { Clock, ContextSource } from '@unite/core';
import type { PgPoolLike } from '../pg/pg-types';
import type { EncryptedTable, TenantOption, Vault } from '../types';

/** Options of `createSecrets`. */
export interface SecretsOptions extends SecretsTablesOptions {
  readonly vault: Pick<Vault, 'table'>;
  /** A pool of `pg`, or a cluster of `@unite/db-ha`; it stays the caller's. */
  readonly pool: PgPoolLike;
  /** Where the tenant comes from when a call names none. @default the shared context */
  readonly context?: ContextSource | undefined;
  /** Longest wait for a connection, and for one statement, in milliseconds. @default 3_000 */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Where secrets are kept. */
export interface SecretsTablesOptions {
  /** What the names of the tables begin with: lower case letters, digits and `_`. @default 'unite_crypto_secrets' */
  readonly tablePrefix?: string | undefined;
}

/** Credentials of tenants for services of others: API keys, OAuth tokens, keys of webhooks. */
export interface Secrets {
  /**
   * Makes a version that is the current one from now on.
   *
   * @throws CryptoError
   */
  set(name: string, value: string, options?: SetSecretOptions): Promise<SecretVersion>;
  /** The current version, or an earlier one that is usable still. @throws CryptoError `UNITE_CRYPTO_SECRET_UNKNOWN` */
  get(name: string, options?: GetSecretOptions): Promise<Secret>;
  /** All that are usable, the newest first: a webhook may be signed with either while its key is being replaced. */
  usable(name: string, options?: TenantOption): Promise<readonly Secret[]>;
  /** What is kept of a secret, the newest first, without values. */
  versions(name: string, options?: TenantOption): Promise<readonly SecretVersion[]>;
  /** The current version of each secret of a tenant, by name, without values. */
  list(options?: TenantOption): Promise<readonly SecretVersion[]>;
  /** Deletes all versions. Numbers of versions are not used again. Resolves to whether there were any. */
  remove(name: string, options?: TenantOption): Promise<boolean>;
  /** For `createSweep`, which brings secrets to new keys as it does other tables. */
  readonly table: EncryptedTable;
}

/** Options of {@link Secrets.set}. */
export interface SetSecretOptions extends TenantOption {
  /** For so long the versions before it stay usable, in milliseconds. @default 0: they are deleted */
  readonly overlapMs?: number | undefined;
  /** From then on it is not given out, in milliseconds since the epoch. @default never */
  readonly expiresAtMs?: number | undefined;
}

/** Options of {@link Secrets.get}. */
export interface GetSecretOptions extends TenantOption {
  /** @default the current one */
  readonly version?: number | undefined;
}

/** A version of a secret, without its value. */
export interface SecretVersion {
  readonly name: string;
  /** From 1. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
  /** Of one that was replaced: until when it stays usable. */
  readonly usableUntilMs: number | undefined;
  readonly isUsable: boolean;
}

/** A secret's value, which shows itself to nobody who does not ask for it: not in logs, JSON or text. */
export interface Secret {
  readonly name: string;
  readonly version: number;
  readonly expiresAtMs: number | undefined;
  /** The value itself. */
  reveal(): string;
  /** `[secret stripe-key v3]`, as in JSON and in logs. */
  toString(): string;
  toJSON(): string;
}
