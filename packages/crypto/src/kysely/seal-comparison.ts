import {
  type BinaryOperationNode,
  ColumnNode,
  type OperationNode,
  OperatorNode,
  PrimitiveValueListNode,
  RawNode,
  ReferenceNode,
  TableNode,
  ValueListNode,
  ValueNode,
} from 'kysely';
import { whyNoSearch } from '../pg/exact-search';
import { isPlaintextOpen } from '../pg/plaintext-window';
import { deferredNode } from './deferred';
import { refusal } from './refusal';
import type { FoundColumn, Scope } from './scope';

/** What a comparison of an encrypted column becomes: `email = 'x'` is `email_index = any(all indexes of 'x')`. */
export function sealComparison(
  node: BinaryOperationNode,
  { source, column }: FoundColumn,
  scope: Scope,
): OperationNode {
  const { table, columns } = source;
  const name = `${table.table}.${column}`;
  const operator = OperatorNode.is(node.operator) ? node.operator.operator : 'this operator';
  const { rightOperand: right } = node;
  if ((operator === 'is' || operator === 'is not') && ValueNode.is(right) && right.value === null)
    return node;
  const values = valuesOf(right);
  if ((operator !== '=' && operator !== 'in') || !values) {
    throw refusal(
      `${name} is encrypted, and can be compared by = and in with values, and not by ${operator}`,
    );
  }
  const index = columns.indexes.get(column);
  const objection = whyNoSearch(table, column);
  if (objection !== undefined || index === undefined) throw refusal(String(objection));
  const tenantColumn = table.options.tenantId;
  const tenantId = tenantColumn === undefined ? undefined : scope.literal(source, tenantColumn);
  const place = typeof tenantId === 'string' ? { tenantId } : {};
  const indexes = deferredNode(async () => {
    const found = await Promise.all(values.map((value) => table.find(column, value, place)));
    return found.flatMap((query) => query.values);
  });
  const refer = (of: string) => ReferenceNode.create(ColumnNode.create(of), TableNode.create(source.alias));
  const byIndex = RawNode.create(['', ' = any(', ')'], [refer(index), indexes]);
  if (!isPlaintextOpen(table, column)) return byIndex;
  return RawNode.create(
    ['(', ' or (', ' is null and ', ' = any(', ')))'],
    [byIndex, refer(index), refer(column), ValueNode.create(values)],
  );
}

function valuesOf(node: OperationNode): readonly unknown[] | undefined {
  if (ValueNode.is(node)) return [node.value];
  if (PrimitiveValueListNode.is(node)) return node.values;
  if (ValueListNode.is(node) && node.values.every((value) => ValueNode.is(value))) {
    return node.values.map((value) => (value as ValueNode).value);
  }
  return undefined;
}
