import { currentContext } from '@unite/core/context';
import { systemClock } from '@unite/shared';
import type { KeyStore } from '../keys/key-types';
import { checkTenant } from '../place/check-tenant';
import type {
  CodecEntry,
  EncryptedTable,
  Field,
  TableColumns,
  TableOptions,
  Vault,
  VaultCodec,
  VaultOptions,
  VaultStatus,
} from '../types';
import { DataKeys } from './data-keys';
import { type AnyFieldOptions, type FieldPlan, planField } from './field-plan';
import { KeyCache } from './key-cache';
import { KeySource } from './key-source';
import { VaultCounts } from './vault-counts';
import { type FieldHost, VaultField } from './vault-field';
import { VaultTable } from './vault-table';

const defaults = Object.freeze({
  timeoutMs: 2_000,
  maxValueBytes: 1_048_576,
  ttlMs: 300_000,
  staleMs: 3_600_000,
  maxUses: 1_000_000_000,
  maxTenants: 10_000,
});

/** Whose key encrypts what belongs to no tenant: entries of a cache, which may be shared. */
const codecTenant = 'unite.crypto.codec';

/** What `createVault` makes. */
export class UniteVault implements Vault {
  readonly name: string;
  readonly keys: DataKeys;
  readonly #provider: string;
  readonly #cache: KeyCache;
  readonly #counts = new VaultCounts();
  readonly #plans = new Map<string, FieldPlan>();
  readonly #host: FieldHost;

  constructor(options: VaultOptions, store: KeyStore) {
    const { keys: provider, clock = systemClock, context = currentContext, tenantId, mayDecrypt } = options;
    const { name = 'vault', timeoutMs = defaults.timeoutMs } = options;
    const { maxValueBytes = defaults.maxValueBytes } = options;
    const counts = this.#counts;
    const source = new KeySource({ vault: name, provider, store, timeoutMs, clock, counts });
    this.name = name;
    this.#provider = provider.name;
    const {
      ttlMs = defaults.ttlMs,
      staleMs = defaults.staleMs,
      maxUses = defaults.maxUses,
      maxTenants = defaults.maxTenants,
    } = options.keyCache ?? {};
    this.#cache = new KeyCache(source, { ttlMs, staleMs, maxUses, maxTenants }, clock, counts);
    this.keys = new DataKeys(source, this.#cache, checkTenant, ttlMs);
    this.#host = {
      vault: name,
      keys: this.#cache,
      counts,
      clock,
      maxValueBytes,
      mayDecrypt,
      tenantOf: (place) => checkTenant(place.tenantId ?? context()?.tenantId ?? tenantId),
    };
  }

  field<Value, Stored>(table: string, column: string, options?: AnyFieldOptions): Field<Value, Stored> {
    return this.#declare(table, column, options) as unknown as Field<Value, Stored>;
  }

  table<const Columns extends TableColumns>(
    table: string,
    options: TableOptions<Columns>,
  ): EncryptedTable<Columns> {
    return new VaultTable(table, options, (column, field) => this.#declare(table, column, field));
  }

  codec(name: string): VaultCodec {
    // Only this process itself reads and writes these, so nobody is asked whether it may.
    const plan = planField('unite:codec', name, { type: 'bytes' });
    const field = new VaultField(plan, { ...this.#host, mayDecrypt: undefined });
    const placeOf = ({ key, tenantId = codecTenant }: CodecEntry) => ({ rowId: key, tenantId });
    return {
      encode: async (bytes, entry) => (await field.encrypt(bytes, placeOf(entry))) as Uint8Array,
      decode: async (bytes, entry) => (await field.decrypt(bytes, placeOf(entry))) as Uint8Array,
    };
  }

  status(): VaultStatus {
    const { failures, keyCalls, ...counts } = this.#counts;
    return {
      name: this.name,
      provider: this.#provider,
      ...counts,
      failures: { ...failures },
      keyCalls: { ...keyCalls },
      cachedTenants: this.#cache.size,
      fields: [...this.#plans.values()].map(({ table, column, type, indexBits, plaintextUntilMs }) => ({
        table,
        column,
        type,
        indexBits,
        plaintextUntilMs,
      })),
    };
  }

  forget(tenantId?: string): void {
    this.#cache.forget(tenantId === undefined ? undefined : checkTenant(tenantId));
  }

  async close(): Promise<void> {
    this.#cache.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A field may be declared twice, and is one: a module is evaluated several times in some frameworks. */
  #declare(table: string, column: string, options: AnyFieldOptions | undefined): VaultField {
    const plan = planField(table, column, options);
    const known = this.#plans.get(plan.name);
    if (known && known.type !== plan.type) {
      throw new TypeError(
        `vault.field("${table}", "${column}"): option "type" is "${plan.type}", and the field is declared as "${known.type}" already`,
      );
    }
    this.#plans.set(plan.name, plan);
    return new VaultField(plan, this.#host);
  }
}
