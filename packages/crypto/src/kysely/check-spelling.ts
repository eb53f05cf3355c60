import {
  AliasNode,
  ColumnNode,
  IdentifierNode,
  type InsertQueryNode,
  type OperationNode,
  RawNode,
  ReferenceNode,
  ReturningNode,
  SelectionNode,
  TableNode,
  type ValueNode,
  ValuesNode,
  WhereNode,
} from 'kysely';
import { orFail, spellingOf } from '../pg/same-spelling';
import { textOf } from '../place/encode-place';
import { Deferred, deferredNode } from './deferred';
import type { EncryptedSource } from './scope';
import { readRow } from './seal-insert';

/** Stands in the rows that an INSERT with a check returns. */
export const checkColumn = 'unite_spelling';
/** Stands in SQL for a parameter. */
const slot = '\0';

/**
 * What an INSERT returns besides, so that it fails where PostgreSQL stores a key in another spelling than ciphertexts
 * are bound to; `undefined` where nothing is bound.
 *
 * @param sealed what the INSERT became
 */
export function insertCheck(
  node: InsertQueryNode,
  sealed: InsertQueryNode,
  source: EncryptedSource,
): OperationNode | undefined {
  const { keys, encrypted } = source.columns;
  if (!node.values || !ValuesNode.is(node.values)) return undefined;
  const names = (node.columns ?? []).map(({ column }) => column.name);
  const rows = node.values.values
    .map((row) => readRow(row, source, names))
    .filter(({ filled }) => filled.length > 0);
  if (rows.length === 0) return undefined;
  const written = encrypted.filter((name) => names.includes(name));
  const isForeign = mayReturnAnother(node, keys);
  const isUnbound = isForeign
    ? written.map(() => `(${slot} = ANY(${slot})) IS NOT TRUE`).join(' AND ')
    : `num_nonnulls(${slots(slot, written)}) = 0`;
  const isGiven = `(${slots(spellingOf(slot), keys)}) IN (SELECT * FROM unnest(${slots(`${slot}::text[]`, keys)}))`;
  return rawOf(orFail(`${isUnbound} OR ${isGiven}`, slot), [
    ...written.flatMap((name) => [
      columnOf(source, name),
      ...(isForeign ? [ciphertextsOf(sealed, names.indexOf(name))] : []),
    ]),
    ...keys.map((name) => columnOf(source, name)),
    ...keys.map((key) => deferredNode(async () => rows.map(({ plain }) => textOf(plain[key])))),
    columnOf(source, String(keys.at(-1))),
  ]);
}

export function withCheck(returning: ReturningNode | undefined, check: OperationNode): ReturningNode {
  const named = AliasNode.create(check, IdentifierNode.create(checkColumn));
  return ReturningNode.create([...(returning?.selections ?? []), SelectionNode.create(named)]);
}

/** Only the row whose key is spelled as its ciphertexts are bound to. The rest stays, for the index on the key. */
export function whereSpelled(
  where: WhereNode,
  source: EncryptedSource,
  keys: Readonly<Record<string, unknown>>,
): WhereNode {
  return source.columns.keys.reduce((all, key) => {
    const text = deferredNode(async () => textOf(keys[key]));
    const isSpelled = rawOf(`${spellingOf(slot)} = ${slot}`, [columnOf(source, key), text]);
    return WhereNode.cloneWithOperation(all, 'And', isSpelled);
  }, where);
}

/** A row that conflicts elsewhere is returned too. It keeps its key and its ciphertexts, of which none is ours. */
function mayReturnAnother({ onConflict }: InsertQueryNode, keys: readonly string[]): boolean {
  const target = (onConflict?.columns ?? []).map(({ column }) => column.name);
  return onConflict?.updates !== undefined && !keys.every((key) => target.includes(key));
}

function ciphertextsOf({ values }: InsertQueryNode, at: number): OperationNode {
  const rows = (values as ValuesNode).values.map((row) => row.values[at] as ValueNode);
  const cells = rows.flatMap(({ value }) => (value instanceof Deferred ? [value] : []));
  return deferredNode(() => Promise.all(cells.map((cell) => cell.value())));
}

function slots(form: string, names: readonly string[]): string {
  return names.map(() => form).join(', ');
}

function columnOf({ alias }: EncryptedSource, name: string): ReferenceNode {
  return ReferenceNode.create(ColumnNode.create(name), TableNode.create(alias));
}

function rawOf(text: string, parameters: readonly OperationNode[]): RawNode {
  return RawNode.create(text.split(slot), parameters);
}
