import type { EncryptedTable, TenantOption } from '../types';

/** A row, by its columns. */
export type PgRow = Record<string, unknown>;

/**
 * Queries of tables with encrypted columns, which take and give plaintext. The tenant is that of the row's column where
 * the table declares one, else the call's, else the context's.
 */
export interface EncryptedQueries {
  /**
   * Inserts a row, which has its primary key: ciphertexts are bound to it. Resolves to the row as it is stored.
   *
   * @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID` for a key that PostgreSQL spells otherwise: a UUID in upper case,
   * `07`. The row is not stored
   */
  insert<Row extends object = PgRow>(
    table: EncryptedTable,
    row: object,
    options?: TenantOption,
  ): Promise<Row>;
  /**
   * Changes the columns that are given, of the row whose primary key and tenant are given with them. Resolves to the
   * row as it is stored; `undefined` where there is none with the key in this very spelling.
   *
   * @throws CryptoError
   */
  update<Row extends object = PgRow>(
    table: EncryptedTable,
    row: object,
    options?: TenantOption,
  ): Promise<Row | undefined>;
  /**
   * Rows that have these values; encrypted columns are searched by their indexes, under all keys of the tenant.
   *
   * @throws CryptoError `UNITE_CRYPTO_QUERY_REFUSED` for an encrypted column that cannot be searched exactly
   */
  find<Row extends object = PgRow>(
    table: EncryptedTable,
    where: object,
    options?: TenantOption,
  ): Promise<Row[]>;
  /**
   * Decrypts the rows of a query of your own, which returns the columns under their own names, with the row's primary
   * key and tenant. The SQL is sent as it is: it sees ciphertexts.
   *
   * @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID` for rows without their key
   */
  select<Row extends object = PgRow>(
    table: EncryptedTable,
    text: string,
    values?: readonly unknown[],
    options?: TenantOption,
  ): Promise<Row[]>;
}
