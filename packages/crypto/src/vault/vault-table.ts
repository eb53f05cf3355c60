import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import { CryptoError } from '../errors';
import type {
  EncryptedRow,
  EncryptedTable,
  Field,
  IndexQuery,
  PlacedValue,
  RowId,
  TableColumns,
  TableOptions,
  TenantOption,
} from '../types';
import type { AnyFieldOptions } from './field-plan';
import { own } from './own';

type AnyField = Field<unknown, string | Uint8Array>;
type Row = Record<string, unknown>;

interface Column {
  readonly name: string;
  readonly field: AnyField;
  readonly index: string | undefined;
}

const names = expects(
  'the name of a column, or a list of some',
  (value) =>
    !optionChecks.string(value) ||
    (Array.isArray(value) && value.length > 0 && value.every((name) => !optionChecks.string(name))),
);

/** The encrypted columns of a table. */
export class VaultTable<Columns extends TableColumns> implements EncryptedTable<Columns> {
  readonly table: string;
  readonly options: TableOptions<Columns>;
  readonly #columns: readonly Column[];
  readonly #rowId: readonly string[];

  /** @throws TypeError that names the option and what it got */
  constructor(
    table: string,
    options: TableOptions<Columns>,
    declare: (column: string, options: AnyFieldOptions) => AnyField,
  ) {
    const owner = `vault.table("${table}")`;
    checkOptions(
      owner,
      options,
      { rowId: names, tenantId: optionChecks.string, columns: optionChecks.object },
      ['rowId', 'columns'],
    );
    this.table = table;
    this.options = options;
    this.#rowId = [options.rowId].flat() as readonly string[];
    this.#columns = Object.entries(options.columns).map(([name, column]) => {
      const noColumn = optionChecks.object(column);
      if (noColumn) {
        throw new TypeError(`${owner}: columns.${name} must be ${noColumn}, got ${describeValue(column)}`);
      }
      const { index, ...given } = column;
      const demand = index === undefined ? undefined : optionChecks.string(index);
      if (demand) {
        throw new TypeError(`${owner}: columns.${name}.index must be ${demand}, got ${describeValue(index)}`);
      }
      const search = given.search ?? (index === undefined ? undefined : 'equality');
      return { name, index, field: declare(name, { ...given, search } as AnyFieldOptions) };
    });
    refuseOverlaps(owner, this.#rowId, options.tenantId, this.#columns);
  }

  async encrypt<Given extends object>(
    row: Given,
    options: TenantOption = {},
  ): Promise<EncryptedRow<Given, Columns>> {
    const copy: Row = { ...(row as Row) };
    const tenant = this.#tenantOf(copy, options);
    // All at once: what is in the row may be changed as soon as something is waited for.
    const sealed = await Promise.all(this.#columns.map((column) => this.#seal(column, copy, tenant)));
    return Object.assign(copy, ...sealed);
  }

  async decrypt<Given extends object>(row: Given, options: TenantOption = {}): Promise<Given> {
    const [decrypted] = await this.decryptAll([row], options);
    return decrypted as Given;
  }

  async decryptAll<Given extends object>(
    rows: readonly Given[],
    options: TenantOption = {},
  ): Promise<Given[]> {
    if (!Array.isArray(rows)) {
      throw new CryptoError(
        'UNITE_CRYPTO_VALUE_INVALID',
        `${this.table}: the rows must be an array, got ${describeValue(rows)}`,
      );
    }
    const copies = rows.map((row) => this.#copyOf(row as Row));
    for (const { tenant, group } of this.#byTenant(copies, options)) {
      for (const { name, field } of this.#columns) {
        const filled = group.filter((row) => row[name] !== null && row[name] !== undefined);
        if (filled.length === 0) continue;
        const items = filled.map((row) => ({ value: row[name], rowId: this.#rowIdOf(row) }));
        const values = await field.decryptAll(items as PlacedValue<string | Uint8Array>[], tenant);
        for (const [at, row] of filled.entries()) row[name] = values[at];
      }
    }
    return copies as Given[];
  }

  async find(
    column: keyof Columns & string,
    value: unknown,
    options: TenantOption = {},
  ): Promise<IndexQuery> {
    const { field, index } = this.#column(column);
    if (index !== undefined) return { column: index, values: await field.indexes(value, options) };
    throw new CryptoError(
      'UNITE_CRYPTO_SEARCH_UNDECLARED',
      `${this.table}.${column}: the column is declared without "index"`,
    );
  }

  field(column: keyof Columns & string): AnyField {
    return this.#column(column).field;
  }

  /** The ciphertext of a column, and its index. */
  async #seal({ name, field, index }: Column, row: Row, tenant: TenantOption): Promise<Row> {
    const value = row[name];
    if (value === undefined) return {};
    if (value === null) return index === undefined ? {} : { [index]: null };
    const indexed = index === undefined ? value : own(value);
    const sealed = { [name]: await field.encrypt(value, { rowId: this.#rowIdOf(row), ...tenant }) };
    // After it: where the key changes in between, the row counts as stale, and a sweep comes to it.
    return index === undefined ? sealed : { ...sealed, [index]: await field.index(indexed, tenant) };
  }

  /** With bytes of its own: columns are decrypted one after the other. */
  #copyOf(row: Row): Row {
    const copy = { ...row };
    for (const { name } of this.#columns) {
      if (Object.hasOwn(copy, name)) copy[name] = own(copy[name]);
    }
    return copy;
  }

  #column(name: string): Column {
    const column = this.#columns.find((known) => known.name === name);
    if (column) return column;
    const known = this.#columns.map((declared) => declared.name).join(', ');
    throw new TypeError(
      `vault.table("${this.table}"): no encrypted column ${describeValue(name)}; known are ${known}`,
    );
  }

  #byTenant(
    rows: readonly Row[],
    options: TenantOption,
  ): readonly { readonly tenant: TenantOption; readonly group: readonly Row[] }[] {
    if (this.options.tenantId === undefined) return [{ tenant: options, group: rows }];
    const groups = new Map<unknown, { readonly tenant: TenantOption; readonly group: Row[] }>();
    for (const row of rows) {
      const tenant = this.#tenantOf(row, options);
      const known = groups.get(tenant.tenantId);
      if (known) known.group.push(row);
      else groups.set(tenant.tenantId, { tenant, group: [row] });
    }
    return [...groups.values()];
  }

  #tenantOf(row: Row, options: TenantOption): TenantOption {
    const { tenantId: column } = this.options;
    if (column === undefined) return options;
    const tenantId = row[column];
    if (tenantId === undefined) throw this.#incomplete(column);
    if (options.tenantId !== undefined && options.tenantId !== tenantId) {
      throw new CryptoError(
        'UNITE_CRYPTO_TENANT_MISMATCH',
        `${this.table}: the row's column "${column}" names another tenant than the call`,
      );
    }
    return { tenantId: tenantId as string };
  }

  #rowIdOf(row: Row): RowId {
    const parts = this.#rowId.map((column) => {
      const part = row[column];
      if (part === undefined || part === null) throw this.#incomplete(column);
      return part as string | number | bigint;
    });
    return parts.length === 1 ? (parts[0] as RowId) : parts;
  }

  #incomplete(column: string): CryptoError {
    return new CryptoError(
      'UNITE_CRYPTO_PLACE_INVALID',
      `${this.table}: the row has no column "${column}", to which its encrypted columns are bound`,
    );
  }
}

/** One would be written over the other, and a ciphertext be lost. */
function refuseOverlaps(
  owner: string,
  rowId: readonly string[],
  tenantId: string | undefined,
  columns: readonly Column[],
): void {
  const uses = [
    ...rowId.map((name) => ({ name, use: 'rowId' })),
    ...(tenantId === undefined ? [] : [{ name: tenantId, use: 'tenantId' }]),
    ...columns.map(({ name }) => ({ name, use: `columns.${name}` })),
    ...columns.flatMap(({ name, index }) =>
      index === undefined ? [] : [{ name: index, use: `columns.${name}.index` }],
    ),
  ];
  const seen = new Map<string, string>();
  for (const { name, use } of uses) {
    const other = seen.get(name);
    if (other !== undefined)
      throw new TypeError(`${owner}: ${other} and ${use} are both the column "${name}"`);
    seen.set(name, use);
  }
}
