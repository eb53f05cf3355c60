import type { EncryptedTable } from '../types';

/** The names of a declared table, by what they are for. */
export interface DeclaredColumns {
  /** The primary key, with the tenant's column. */
  readonly keys: readonly string[];
  readonly encrypted: readonly string[];
  /** The columns with blind indexes, by encrypted column. */
  readonly indexes: ReadonlyMap<string, string>;
}

export function columnsOf({ options }: EncryptedTable): DeclaredColumns {
  const { tenantId, rowId, columns } = options;
  const indexes = Object.entries(columns).flatMap(([column, { index }]): [string, string][] =>
    index === undefined ? [] : [[column, index]],
  );
  return {
    keys: [...(tenantId === undefined ? [] : [tenantId]), ...[rowId].flat()],
    encrypted: Object.keys(columns),
    indexes: new Map(indexes),
  };
}
