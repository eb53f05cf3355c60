import { ColumnNode, ColumnUpdateNode, type UpdateQueryNode, ValueNode } from 'kysely';
import { whereSpelled } from './check-spelling';
import { deferredRow } from './deferred';
import { refusal } from './refusal';
import type { EncryptedSource, Scope } from './scope';
import { nameOf, refuseIndexes, refuseKeys } from './seal-insert';

/** What an UPDATE becomes: values as ciphertexts of the one row that its WHERE names, with their indexes. */
export function sealUpdate(node: UpdateQueryNode, source: EncryptedSource, scope: Scope): UpdateQueryNode {
  const { table, columns } = source;
  const updates = node.updates ?? [];
  const names = updates.map(({ column }) => nameOf(column));
  refuseIndexes(names, source);
  const written = updates.filter(({ column }) => columns.encrypted.includes(nameOf(column)));
  refuseKeys(names, source);
  if (written.length === 0) return node;

  const plain: Record<string, unknown> = {};
  for (const { column, value } of written) {
    const name = nameOf(column);
    if (!ValueNode.is(value)) throw refusal(`${table.table}.${name} takes a value, and no expression`);
    plain[name] = value.value;
  }
  const isFilled = Object.values(plain).some((value) => value !== null);
  const missing = columns.keys.filter((name) => scope.literal(source, name) === undefined);
  if (isFilled && missing.length > 0) {
    throw refusal(
      `an UPDATE of ${table.table}.${Object.keys(plain)[0]} must name its row, to which the ciphertext is bound: where ${missing.join(' = … and ')} = …`,
    );
  }
  const keys = Object.fromEntries(columns.keys.map((name) => [name, scope.literal(source, name)]));
  const sealed = deferredRow(() => table.encrypt({ ...keys, ...plain }));
  const cellOf = (name: string, column: string) =>
    plain[column] === null ? ValueNode.create(null) : sealed(name);
  const others = updates.filter((update) => !written.includes(update));
  return {
    ...node,
    ...(isFilled && node.where ? { where: whereSpelled(node.where, source, keys) } : {}),
    updates: [
      ...others,
      ...Object.keys(plain).flatMap((column) => {
        const index = columns.indexes.get(column);
        return [column, ...(index ? [index] : [])].map((name) =>
          ColumnUpdateNode.create(ColumnNode.create(name), cellOf(name, column)),
        );
      }),
    ],
  };
}
