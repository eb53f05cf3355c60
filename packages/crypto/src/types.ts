import type { Clock, CloseOptions, ContextSource } from '@unite/core';
import type { KeyProvider, KeyStore, StoredKey } from './keys/key-types';

/** Options of `createVault`. */
export interface VaultOptions {
  /** Where root keys are. */
  readonly keys: KeyProvider;
  /** Where the tenants' wrapped data keys are. @default the provider's own store; `fileKeyring` has one */
  readonly store?: KeyStore | undefined;
  /** Stands in events. @default 'vault' */
  readonly name?: string | undefined;
  /** Where the tenant comes from when a call names none. @default the shared context */
  readonly context?: ContextSource | undefined;
  /** Tenant of calls without one, for an application that has only one. @default none: such a call is refused */
  readonly tenantId?: string | undefined;
  /**
   * Asked before each decryption of a field, and once before many; `false` refuses with `UNITE_CRYPTO_DECRYPT_DENIED`.
   * What it throws reaches the caller as it is: a quota's refusal, for one.
   */
  readonly mayDecrypt?: ((attempt: DecryptAttempt) => boolean | Promise<boolean>) | undefined;
  readonly keyCache?: KeyCacheOptions | undefined;
  /** Longest time to wait for an answer of the store or the provider, in milliseconds. @default 2_000 */
  readonly timeoutMs?: number | undefined;
  /** Longest value in bytes. @default 1_048_576 */
  readonly maxValueBytes?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** How long data keys are remembered in the process. */
export interface KeyCacheOptions {
  /** A key is asked for again after this time, in milliseconds. What was shredded elsewhere is gone after it. @default 300_000 */
  readonly ttlMs?: number | undefined;
  /**
   * While store or provider cannot be asked, keys are used on for this long after their time. 0: not at all. Whoever
   * calls first after that time waits for one answer, `timeoutMs` at most: the key may have been shredded or disabled.
   * Once that has failed nobody waits: keys are used on, and asked for at most once a second beside that.
   *
   * @default 3_600_000
   */
  readonly staleMs?: number | undefined;
  /** A key is asked for again after so many encryptions and decryptions. @default 1_000_000_000 */
  readonly maxUses?: number | undefined;
  /** Tenants whose keys are remembered; of more the least recently used is forgotten. @default 10_000 */
  readonly maxTenants?: number | undefined;
}

/** Whoever would read a value. */
export interface DecryptAttempt {
  readonly tenantId: string;
  readonly table: string;
  readonly column: string;
  /** How many values: more than one for `decryptAll`, which is asked for once. */
  readonly count: number;
}

/** Encrypts fields for tenants. */
export interface Vault {
  readonly name: string;
  /**
   * A column, declared once. Declaring does no I/O. Names of tables and columns have at most 128 characters and 255
   * bytes of UTF-8.
   */
  field(table: string, column: string, options?: TextFieldOptions): Field<string, string>;
  /** A column of JSON values. */
  field<Value = unknown>(table: string, column: string, options: JsonFieldOptions): Field<Value, string>;
  /** A column of bytes (`bytea`), stored as bytes. */
  field(table: string, column: string, options: BytesFieldOptions): Field<Uint8Array, Uint8Array>;
  /** The encrypted columns of a table, for whole rows. */
  table<const Columns extends TableColumns>(
    table: string,
    options: TableOptions<Columns>,
  ): EncryptedTable<Columns>;
  /**
   * Encrypts what `@unite/cache` keeps outside of the process; entries are bound to their keys. What is one tenant's is
   * encrypted by that tenant's key, and gone with it.
   */
  codec(name: string): VaultCodec;
  /** The tenants' data keys. */
  readonly keys: VaultKeys;
  status(): VaultStatus;
  /** Forgets the keys of a tenant, or of all, in this process: for whoever hears that they were changed elsewhere. */
  forget(tenantId?: string): void;
  /** Forgets all keys, and overwrites them as far as JavaScript can. Idempotent, never rejects. */
  close(options?: CloseOptions): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where a value stands. */
export interface Place {
  /** The row's primary key; a list for one of several columns. `7`, `'7'` and `7n` are the same. */
  readonly rowId: RowId;
  /** At most 255 bytes of UTF-8. @default the context's tenant, else the vault's */
  readonly tenantId?: string | undefined;
}

/** A primary key. Numbers must be whole. */
export type RowId = string | number | bigint | readonly (string | number | bigint)[];

interface FieldOptions {
  /** For the time in which a column is being encrypted: what is no ciphertext is read as it is, and counted. */
  readonly plaintext?: PlaintextOptions | undefined;
}

interface SearchableOptions extends FieldOptions {
  /**
   * Makes `index` and `indexes` work, for equality only. Who reads the database sees which rows of a tenant have
   * the same value.
   */
  readonly search?: 'equality' | SearchOptions | undefined;
}

/** How a field is searched. */
export interface SearchOptions {
  /** Length of the index in bits: a multiple of 8, from 16 to 256. Few bits hide more and find wrong rows too. @default 128 */
  readonly bits?: number | undefined;
  /** What counts as equal: `(email) => email.trim().toLowerCase()`. @default the text as it is, in NFC */
  readonly normalizer?: ((text: string) => string) | undefined;
}

/**
 * Reads plaintext for a while. Until a sweep is complete, searches of `/kysely` and `/pg` find rows of plaintext by their
 * exact text, to which no normalizer is applied.
 */
export interface PlaintextOptions {
  /**
   * The last time at which plaintext is read, by ISO 8601: a day, which counts to its end in UTC (`2027-03-31`), or a day
   * and a time with its offset (`2027-03-31T18:00:00Z`). A `Date` is the instant that it is.
   */
  readonly until: string | Date;
}

/** A column of text. */
export interface TextFieldOptions extends SearchableOptions {
  readonly type?: 'text' | undefined;
}

/** A column of JSON, which no blind index can find. */
export interface JsonFieldOptions extends FieldOptions {
  readonly type: 'json';
  /** Equal values of JSON have many spellings. */
  readonly search?: undefined;
}

/** A column of bytes. */
export interface BytesFieldOptions extends SearchableOptions {
  readonly type: 'bytes';
}

/** One column. */
export interface Field<Value, Stored> {
  readonly table: string;
  readonly column: string;
  /** @throws CryptoError */
  encrypt(value: Value, place: Place): Promise<Stored>;
  /** @throws CryptoError */
  decrypt(stored: Stored, place: Place): Promise<Value>;
  /** Many of one tenant, with one event. */
  decryptAll(items: readonly PlacedValue<Stored>[], options?: TenantOption): Promise<Value[]>;
  /** What is stored beside the ciphertext, to find the row by. @throws CryptoError `…_SEARCH_UNDECLARED` */
  index(value: Value, options?: TenantOption): Promise<string>;
  /** The index under the primary and under each previous key: `WHERE email_index = ANY($1)`. */
  indexes(value: Value, options?: TenantOption): Promise<string[]>;
  /** Whether it is under the tenant's primary key. `false` for plaintext, too. */
  isCurrent(stored: Stored, options?: TenantOption): Promise<boolean>;
  /**
   * What every ciphertext of the tenant's primary key begins with, and no other: 8 characters of base64url, or 6 bytes.
   * `WHERE NOT starts_with(email, prefix)` are those that a rotation has before it; LIKE would read `_` as any letter.
   */
  currentPrefix(options?: TenantOption): Promise<Stored>;
}

/** A stored value with its row. */
export interface PlacedValue<Stored> {
  readonly value: Stored;
  readonly rowId: RowId;
}

/** Whose value it is. */
export interface TenantOption {
  /** @default the context's tenant, else the vault's */
  readonly tenantId?: string | undefined;
}

/** The encrypted columns of a table, by name. */
export type TableColumns = Readonly<Record<string, ColumnOptions>>;

/** One column of {@link TableOptions}. */
export type ColumnOptions =
  | ((TextFieldOptions | BytesFieldOptions) & {
      /** The column with the blind index; `search` is `'equality'` unless it says more. */
      readonly index?: string | undefined;
    })
  | (JsonFieldOptions & { readonly index?: undefined });

/** Options of `vault.table`. */
export interface TableOptions<Columns extends TableColumns = TableColumns> {
  /** The columns of the primary key, without the tenant's. */
  readonly rowId: string | readonly string[];
  /** The column with the tenant. @default none: the tenant is that of the call, the context or the vault */
  readonly tenantId?: string | undefined;
  readonly columns: Columns;
}

/** The columns with blind indexes that a table declares. */
export type IndexColumns<Columns extends TableColumns> = {
  readonly [Column in keyof Columns as Columns[Column] extends { readonly index: infer Index extends string }
    ? Index
    : never]: string | null;
};

/** A row with its encrypted columns as they are stored. Where the compiler does not know which they are, any may be one. */
export type EncryptedRow<Row, Columns extends TableColumns> = Partial<IndexColumns<Columns>> &
  (string extends keyof Columns
    ? { [Name in keyof Row]: unknown }
    : {
        [Name in keyof Row]: Name extends keyof Columns
          ? StoredValue<Columns[Name]> | NoValue<Row[Name]>
          : Row[Name];
      });

type StoredValue<Column> = Column extends { readonly type: 'bytes' } ? Uint8Array : string;

type NoValue<Value> = (null extends Value ? null : never) | (undefined extends Value ? undefined : never);

/** Encrypts and decrypts rows. Columns that are absent, `null` or `undefined` stay so. */
export interface EncryptedTable<Columns extends TableColumns = TableColumns> {
  readonly table: string;
  readonly options: TableOptions<Columns>;
  /** A copy with ciphertexts, and indexes of the columns that are given. */
  encrypt<Row extends object>(row: Row, options?: TenantOption): Promise<EncryptedRow<Row, Columns>>;
  /** A copy with plaintexts. */
  decrypt<Row extends object>(row: Row, options?: TenantOption): Promise<Row>;
  /** Many rows, of one tenant or of several, with one event for each column and tenant. */
  decryptAll<Row extends object>(rows: readonly Row[], options?: TenantOption): Promise<Row[]>;
  /** What to look for in which column. @throws CryptoError `…_SEARCH_UNDECLARED` */
  find(column: keyof Columns & string, value: unknown, options?: TenantOption): Promise<IndexQuery>;
  /** One of the columns. @throws TypeError for a column that is not declared */
  field(column: keyof Columns & string): Field<unknown, string | Uint8Array>;
}

/** `WHERE column = ANY(values)` */
export interface IndexQuery {
  readonly column: string;
  readonly values: readonly string[];
}

/** An entry of a cache. */
export interface CodecEntry {
  readonly key: string;
  /** Whose it is. @default nobody's: a key that no shredding destroys */
  readonly tenantId?: string | undefined;
}

/** A codec of `@unite/cache`. */
export interface VaultCodec {
  encode(bytes: Uint8Array, entry: CodecEntry): Promise<Uint8Array>;
  decode(bytes: Uint8Array, entry: CodecEntry): Promise<Uint8Array>;
}

/** Options of {@link VaultKeys.rotate}. */
export interface RotateOptions {
  /**
   * Until then the previous key encrypts, in milliseconds. Other processes know the new one after their
   * `keyCache.ttlMs`, so that their searches find what is encrypted under it from the first row on. 0 is for an
   * application of one process.
   *
   * @default the vault's own `keyCache.ttlMs`
   */
  readonly activeAfterMs?: number | undefined;
}

/** What is done to the data keys of tenants. Each call goes to the store, and none waits longer than the vault's time. */
export interface VaultKeys {
  /** The tenants' ids in order, those that were shredded among them. */
  tenants(): AsyncIterable<string>;
  /** A tenant's keys without their secrets; `undefined` where it never had one. */
  describe(tenantId: string): Promise<TenantKeysStatus | undefined>;
  /** Makes a new primary data key. What was encrypted before stays readable. Resolves to its id. */
  rotate(tenantId: string, options?: RotateOptions): Promise<number>;
  /**
   * Encrypts a tenant's data keys under the primary root key. Resolves to how many were not yet. Each is unwrapped
   * before and after, and stored only where it is the same key: so the provider must allow that too.
   *
   * @throws CryptoError `…_UNWRAP_FAILED` where it is another
   */
  rewrap(tenantId: string): Promise<number>;
  /** Removes a previous key for good, whose ciphertexts have all been replaced. */
  retire(tenantId: string, keyId: number): Promise<boolean>;
  /** Destroys all keys of a tenant: nothing of it can be read again. Resolves to how many there were. */
  shred(tenantId: string): Promise<number>;
}

/** A tenant's keys, as `unite keys status` shows them. */
export interface TenantKeysStatus {
  readonly tenantId: string;
  readonly keys: readonly (Pick<StoredKey, 'keyId' | 'createdAtMs'> & {
    readonly rootKeyId: string;
    readonly isPrimary: boolean;
  })[];
  readonly shreddedAtMs: number | undefined;
}

/** What a vault has done since it was made. */
export interface VaultStatus {
  readonly name: string;
  readonly provider: string;
  readonly encrypted: number;
  readonly decrypted: number;
  /** Refused, altered or misplaced values, by the error's code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Plaintext that was read in place of ciphertext. */
  readonly plaintextReads: number;
  readonly keyCalls: { readonly generate: number; readonly unwrap: number; readonly rewrap: number };
  /** How often a tenant's keys were used on after their time, because nobody could be asked. */
  readonly prolongations: number;
  readonly cachedTenants: number;
  /** The fields that were declared. */
  readonly fields: readonly FieldStatus[];
}

/** A declared field. */
export interface FieldStatus {
  readonly table: string;
  readonly column: string;
  readonly type: 'text' | 'json' | 'bytes';
  /** Bits of the blind index. */
  readonly indexBits: number | undefined;
  /** Until when plaintext is read. */
  readonly plaintextUntilMs: number | undefined;
}
