import {
  ColumnNode,
  ColumnUpdateNode,
  DefaultInsertValueNode,
  type InsertQueryNode,
  type OperationNode,
  PrimitiveValueListNode,
  ReferenceNode,
  TableNode,
  ValueListNode,
  ValueNode,
  type ValuesItemNode,
  ValuesNode,
} from 'kysely';
import { deferredRow } from './deferred';
import { refusal } from './refusal';
import type { EncryptedSource } from './scope';

/** What an INSERT becomes: values as ciphertexts, with their indexes. */
export function sealInsert(node: InsertQueryNode, source: EncryptedSource): InsertQueryNode {
  const { table, columns } = source;
  const names = (node.columns ?? []).map(({ column }) => column.name);
  const written = names.filter((name) => columns.encrypted.includes(name));
  refuseIndexes(names, source);
  if (node.onDuplicateKey || node.replace) throw refusal(`${table.table}: only PostgreSQL's INSERT is known`);
  if (!node.values || !ValuesNode.is(node.values)) {
    if (!node.values || (names.length > 0 && written.length === 0)) return sealConflict(node, source, names);
    throw refusal(`${table.table}: an INSERT into encrypted columns takes values, and no query`);
  }
  const indexes = written.flatMap((name) => columns.indexes.get(name) ?? []);
  const rows = node.values.values.map((row) => sealRow(row, source, names, indexes));
  return sealConflict(
    {
      ...node,
      columns: [...(node.columns ?? []), ...indexes.map((name) => ColumnNode.create(name))],
      values: ValuesNode.create(rows),
    },
    source,
    names,
  );
}

/** Indexes are made of the values; a value of one's own would never be found, or tell what it is of. */
export function refuseIndexes(names: readonly string[], { table, columns }: EncryptedSource): void {
  for (const [column, index] of columns.indexes) {
    if (names.includes(index)) {
      throw refusal(`${table.table}.${index} is filled in by itself; write ${table.table}.${column}`);
    }
  }
}

function sealRow(
  row: ValuesItemNode,
  source: EncryptedSource,
  names: readonly string[],
  indexNames: readonly string[],
): ValuesItemNode {
  const { table, columns } = source;
  const { cells, plain, filled } = readRow(row, source, names);
  const missing = columns.keys.filter((name) => plain[name] === undefined);
  if (filled.length > 0 && missing.length > 0) {
    throw refusal(
      `an INSERT of ${table.table}.${filled[0]} needs ${missing.join(' and ')}, to which its ciphertext is bound`,
    );
  }
  const sealed = deferredRow(() => table.encrypt(plain));
  const ofIndex = new Map([...columns.indexes].map(([column, index]) => [index, column]));
  const indexes = indexNames.map((index) => {
    const column = ofIndex.get(index) as string;
    if (filled.includes(column)) return sealed(index);
    return plain[column] === null ? ValueNode.create(null) : DefaultInsertValueNode.create();
  });
  const sealedCells = cells.map((cell, at) => {
    const name = names[at] as string;
    return filled.includes(name) ? sealed(name) : cell;
  });
  return ValueListNode.create([...sealedCells, ...indexes]);
}

/** What a row gives to declared columns, and which of the encrypted ones it fills. */
export function readRow(row: ValuesItemNode, { table, columns }: EncryptedSource, names: readonly string[]) {
  const cells = row.values.map((value) =>
    PrimitiveValueListNode.is(row) ? ValueNode.create(value) : (value as OperationNode),
  );
  const plain: Record<string, unknown> = {};
  for (const [at, cell] of cells.entries()) {
    const name = names[at] as string;
    const isDeclared = columns.keys.includes(name) || columns.encrypted.includes(name);
    if (!isDeclared || DefaultInsertValueNode.is(cell)) continue;
    if (!ValueNode.is(cell)) throw refusal(`${table.table}.${name} takes a value, and no expression`);
    plain[name] = cell.value;
  }
  const filled = columns.encrypted.filter((name) => plain[name] !== null && plain[name] !== undefined);
  return { cells, plain, filled };
}

/** A row that is there already has its own key: only where that is what conflicts, a ciphertext fits it. */
function sealConflict(
  node: InsertQueryNode,
  source: EncryptedSource,
  inserted: readonly string[],
): InsertQueryNode {
  const { onConflict } = node;
  if (!onConflict?.updates) return node;
  const { table, columns } = source;
  const names = onConflict.updates.map(({ column }) => nameOf(column));
  refuseIndexes(names, source);
  refuseKeys(names, source);
  const target = (onConflict.columns ?? []).map(({ column }) => column.name);
  const updates = onConflict.updates.flatMap((update): ColumnUpdateNode[] => {
    const name = nameOf(update.column);
    if (!columns.encrypted.includes(name)) return [update];
    const index = columns.indexes.get(name);
    if (ValueNode.is(update.value) && update.value.value === null) {
      return [update, ...(index ? [ColumnUpdateNode.create(ColumnNode.create(index), update.value)] : [])];
    }
    if (!isExcluded(update.value, name) || !inserted.includes(name)) {
      throw refusal(
        `ON CONFLICT … DO UPDATE sets ${table.table}.${name} to excluded.${name} or null, and nothing else`,
      );
    }
    if (!columns.keys.every((key) => target.includes(key))) {
      throw refusal(
        `ON CONFLICT must be on (${columns.keys.join(', ')}) to set ${table.table}.${name}: its ciphertext is bound to the row`,
      );
    }
    return [update, ...(index ? [excludedUpdate(index)] : [])];
  });
  return { ...node, onConflict: { ...onConflict, updates } };
}

/** A row's ciphertexts are bound to its key. */
export function refuseKeys(names: readonly string[], { table, columns }: EncryptedSource): void {
  const key = columns.keys.find((name) => names.includes(name));
  if (key !== undefined) {
    throw refusal(
      `${table.table}.${key} cannot be changed: the row's ciphertexts are bound to it; insert the row anew`,
    );
  }
}

/** The column that an update sets. */
export function nameOf(column: OperationNode): string {
  if (ReferenceNode.is(column)) return nameOf(column.column);
  return ColumnNode.is(column) ? column.column.name : '';
}

/** `excluded.email`: what would have been inserted. */
export function isExcluded(node: OperationNode, column: string): boolean {
  return (
    ReferenceNode.is(node) && node.table?.table.identifier.name === 'excluded' && nameOf(node) === column
  );
}

function excludedUpdate(name: string): ColumnUpdateNode {
  const column = ColumnNode.create(name);
  return ColumnUpdateNode.create(column, ReferenceNode.create(column, TableNode.create('excluded')));
}
