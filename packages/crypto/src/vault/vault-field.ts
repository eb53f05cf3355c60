import type { TracingChannel } from 'node:diagnostics_channel';
import type { Clock } from '@unite/core';
import { observe } from '@unite/shared';
import type { CryptoFieldMessage } from '../channel-types';
import { decryptChannel, encryptChannel } from '../channels';
import { CryptoError } from '../errors';
import { checkPlace } from '../place/check-place';
import { rowTexts } from '../place/row-texts';
import type { Field, Place, PlacedValue, TenantOption, VaultOptions } from '../types';
import { sealedOverheadBytes } from '../xaes/sealer';
import type { DataKey } from './data-key';
import type { FieldKey } from './field-key';
import type { FieldPlan } from './field-plan';
import { hasHeader, headerBytes, headerOf, readKeyId } from './header';
import type { KeyCache, WantedKey } from './key-cache';
import { own } from './own';
import { permit } from './permit';
import type { VaultCounts } from './vault-counts';
import { whenKnown } from './when-known';

/** Others get their turn after so many values. */
const batchValues = 256;
const noPlace: Partial<Place> = {};

/** What the fields of a vault share. */
export interface FieldHost {
  readonly vault: string;
  readonly keys: KeyCache;
  readonly counts: VaultCounts;
  readonly clock: Clock;
  readonly maxValueBytes: number;
  readonly mayDecrypt: VaultOptions['mayDecrypt'];
  /** @throws CryptoError `UNITE_CRYPTO_TENANT_MISSING` */
  tenantOf(options: TenantOption): string;
}

/** What is done for one tenant; it says which key it was. */
type Work<Result> = (tenantId: string, message: { keyId?: number } | undefined) => Result | Promise<Result>;

/** One column of a vault. */
export class VaultField implements Field<unknown, string | Uint8Array> {
  readonly table: string;
  readonly column: string;
  readonly #plan: FieldPlan;
  readonly #host: FieldHost;

  constructor(plan: FieldPlan, host: FieldHost) {
    this.table = plan.table;
    this.column = plan.column;
    this.#plan = plan;
    this.#host = host;
  }

  encrypt(value: unknown, place: Place): Promise<string | Buffer> {
    return this.#run(encryptChannel, 1, place, (tenantId, message) => {
      const row = rowTexts(place.rowId);
      const bytes = this.#checked(this.#plan.values.toBytes(value));
      const key = this.#key(tenantId, 'primary', message);
      const plain = key instanceof Promise ? own(bytes) : bytes;
      return whenKnown(key, (known) => {
        const sealed = this.#fieldKey(known).seal(plain, row);
        this.#host.counts.encrypted += 1;
        return this.#plan.values.toStored(sealed);
      });
    });
  }

  decrypt(stored: string | Uint8Array, place: Place): Promise<unknown> {
    return this.#run(decryptChannel, 1, place, (tenantId, message) => {
      const row = rowTexts(place.rowId);
      const permit = this.#permit(tenantId, 1);
      const kept = permit ? own(stored) : stored;
      return whenKnown(permit, () => this.#read(kept, row, tenantId, message));
    });
  }

  decryptAll(
    items: readonly PlacedValue<string | Uint8Array>[],
    options: TenantOption = noPlace,
  ): Promise<unknown[]> {
    return this.#run(decryptChannel, items.length, options, async (tenantId, message) => {
      const kept = items.map(({ value, rowId }) => ({ stored: own(value), row: rowTexts(rowId) }));
      await this.#permit(tenantId, kept.length);
      const values: unknown[] = [];
      for (const { stored, row } of kept) {
        const read = this.#read(stored, row, tenantId, message);
        values.push(read instanceof Promise ? await read : read);
        if (values.length % batchValues === 0) await new Promise(setImmediate);
      }
      return values;
    });
  }

  index(value: unknown, options: TenantOption = noPlace): Promise<string> {
    return this.#run(undefined, 1, options, async (tenantId) => {
      const { bytes, bits } = this.#searched(value);
      return this.#fieldKey(await this.#key(tenantId, 'primary')).index(bytes, bits);
    });
  }

  indexes(value: unknown, options: TenantOption = noPlace): Promise<string[]> {
    return this.#run(undefined, 1, options, async (tenantId) => {
      const { bytes, bits } = this.#searched(value);
      const { keyIds } = await this.#host.keys.ring(tenantId);
      const found: string[] = [];
      for (const keyId of keyIds) {
        const key = await this.#keyUnlessRetired(tenantId, keyId);
        if (key) found.push(this.#fieldKey(key).index(bytes, bits));
      }
      return found;
    });
  }

  isCurrent(stored: string | Uint8Array, options: TenantOption = noPlace): Promise<boolean> {
    return this.#run(undefined, 1, options, async (tenantId) => {
      const sealed = this.#ciphertextOf(stored);
      const keyId = sealed && readKeyId(sealed);
      const { primaryId } = await this.#host.keys.ring(tenantId);
      return keyId !== undefined && keyId === primaryId;
    });
  }

  currentPrefix(options: TenantOption = noPlace): Promise<string | Buffer> {
    return this.#run(undefined, 1, options, async (tenantId) =>
      this.#plan.values.toStored(headerOf((await this.#key(tenantId, 'primary')).keyId)),
    );
  }

  /**
   * With an event where somebody listens, and every failure counted and named. What is known at once is not waited
   * for: that would cost as much as encrypting.
   */
  #run<Result>(
    channel: TracingChannel<object, object> | undefined,
    count: number,
    place: TenantOption,
    work: Work<Result>,
  ): Promise<Result> {
    try {
      checkPlace(place);
      const tenantId = this.#host.tenantOf(place);
      if (!channel?.hasSubscribers) {
        const result = work(tenantId, undefined);
        return result instanceof Promise
          ? result.catch((error) => this.#fail(error))
          : Promise.resolve(result);
      }
      const { table, column } = this.#plan;
      const message: CryptoFieldMessage = { vault: this.#host.vault, tenantId, table, column, count };
      return observe(channel, message, async () => work(tenantId, message)).catch((error) =>
        this.#fail(error),
      );
    } catch (error) {
      return Promise.reject(error).catch((reason) => this.#fail(reason));
    }
  }

  #fail(error: unknown): never {
    if (!CryptoError.isInstance(error)) throw error;
    this.#host.counts.failed(error.code);
    throw new CryptoError(error.code, `${this.#plan.name}: ${error.message}`, { cause: error.cause });
  }

  #permit(tenantId: string, count: number): undefined | Promise<undefined> {
    const { mayDecrypt } = this.#host;
    if (!mayDecrypt) return undefined;
    const { table, column } = this.#plan;
    return permit(mayDecrypt, { tenantId, table, column, count });
  }

  #read(
    stored: unknown,
    row: readonly string[],
    tenantId: string,
    message: { keyId?: number } | undefined,
  ): unknown {
    const sealed = this.#sealedOf(stored);
    if (!sealed) return this.#plaintext(stored);
    const key = this.#key(tenantId, readKeyId(sealed), message);
    const kept = key instanceof Promise ? own(sealed) : sealed;
    return whenKnown(key, (known) => {
      const plain = this.#fieldKey(known).open(kept, row);
      this.#host.counts.decrypted += 1;
      return this.#plan.values.fromBytes(plain);
    });
  }

  #checked(bytes: Buffer): Buffer {
    const { maxValueBytes } = this.#host;
    if (bytes.length <= maxValueBytes) return bytes;
    const what = `the value has ${bytes.length} bytes; the vault's "maxValueBytes" is ${maxValueBytes}`;
    throw new CryptoError('UNITE_CRYPTO_VALUE_INVALID', what);
  }

  #key(
    tenantId: string,
    wanted: WantedKey,
    message?: { keyId?: number } | undefined,
  ): DataKey | Promise<DataKey> {
    return whenKnown(this.#host.keys.key(tenantId, wanted), (key) => {
      if (message) message.keyId = key.keyId;
      return key;
    });
  }

  /** A key may be retired elsewhere after its id was read; then nothing is under it any more. */
  async #keyUnlessRetired(tenantId: string, keyId: number): Promise<DataKey | undefined> {
    try {
      return await this.#key(tenantId, keyId);
    } catch (error) {
      if (CryptoError.isInstance(error) && error.code === 'UNITE_CRYPTO_KEY_UNKNOWN') return undefined;
      throw error;
    }
  }

  #fieldKey(key: DataKey): FieldKey {
    return key.field(this.#plan.name, this.table, this.column);
  }

  /** `undefined` for plaintext, where that may be read. */
  #sealedOf(stored: unknown): Buffer | undefined {
    const { values, plaintextUntilMs } = this.#plan;
    return plaintextUntilMs === undefined ? values.fromStored(stored) : this.#ciphertextOf(stored);
  }

  /** `undefined` for what is no ciphertext. */
  #ciphertextOf(stored: unknown): Buffer | undefined {
    try {
      const bytes = this.#plan.values.fromStored(stored);
      return hasHeader(bytes) && bytes.length >= headerBytes + sealedOverheadBytes ? bytes : undefined;
    } catch {
      return undefined;
    }
  }

  #plaintext(stored: unknown): unknown {
    const { values, plaintextUntilMs = 0 } = this.#plan;
    if (this.#host.clock.wallMs() > plaintextUntilMs) {
      const until = new Date(plaintextUntilMs).toISOString();
      throw new CryptoError('UNITE_CRYPTO_PLAINTEXT_REFUSED', `plaintext was readable until ${until}`);
    }
    this.#host.counts.plaintextReads += 1;
    return values.fromPlaintext(stored);
  }

  #searched(value: unknown): { readonly bytes: Buffer; readonly bits: number } {
    const { indexBits, normalize, values } = this.#plan;
    if (indexBits === undefined) {
      throw new CryptoError('UNITE_CRYPTO_SEARCH_UNDECLARED', 'the field is declared without "search"');
    }
    const bytes = values.toBytes(value);
    return {
      bits: indexBits,
      bytes: typeof value === 'string' ? values.toBytes(normalize(value)) : own(bytes),
    };
  }
}
