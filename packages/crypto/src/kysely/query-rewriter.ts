import {
  type BinaryOperationNode,
  ColumnNode,
  type ColumnUpdateNode,
  type DeleteQueryNode,
  type InsertQueryNode,
  type MergeQueryNode,
  type OperationNode,
  OperationNodeTransformer,
  type OrderByItemNode,
  type QueryId,
  type RawNode,
  ReferenceNode,
  type SelectionNode,
  type SelectQueryNode,
  type TableNode,
  type UpdateQueryNode,
  type WhereNode,
} from 'kysely';
import type { EncryptedTable } from '../types';
import { insertCheck, withCheck } from './check-spelling';
import { RawSql } from './raw-sql';
import { refusal } from './refusal';
import { Scope, type Source, sourcesOf } from './scope';
import { sealComparison } from './seal-comparison';
import { isExcluded, nameOf, sealInsert } from './seal-insert';
import { sealUpdate } from './seal-update';
import { Selection } from './selection';

const functions: ReadonlySet<string | undefined> = new Set(['FunctionNode', 'AggregateFunctionNode']);
const returning: ReadonlySet<string | undefined> = new Set(['SelectQueryNode', 'ReturningNode']);

/**
 * Rewrites one query. Whatever names an encrypted column must be known to be right with ciphertext: it is written,
 * returned by the outermost query, or compared through its index. Anything else is refused.
 */
export class QueryRewriter extends OperationNodeTransformer {
  readonly #tables: readonly EncryptedTable[];
  #scope: Scope | undefined;
  /** What the outermost query returns. */
  readonly selection = new Selection();
  /** Whether a declared table is in it. */
  isConcerned = false;
  /** Whether rows may come with the column `checkColumn`. */
  isChecked = false;

  constructor(tables: readonly EncryptedTable[]) {
    super();
    this.#tables = tables;
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId: QueryId): SelectQueryNode {
    return this.#within([node.from, ...(node.joins ?? [])], node.where, (scope) => {
      const select = super.transformSelectQuery(node, queryId);
      const isCombined = node.setOperations || node.frontModifiers?.length;
      if (isCombined && scope.isOutermost && !this.selection.isEmpty) {
        throw refusal(
          'encrypted columns cannot be returned by DISTINCT or UNION: no two ciphertexts are the same',
        );
      }
      return select;
    });
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId: QueryId): InsertQueryNode {
    return this.#within([node.into], undefined, ({ sources: [target] }) => {
      if (!target?.table) return super.transformInsertQuery(node, queryId);
      const source = { ...target, table: target.table };
      const sealed = sealInsert(node, source);
      const inserted = super.transformInsertQuery(sealed, queryId);
      const check = insertCheck(node, sealed, source);
      if (!check) return inserted;
      this.isChecked = true;
      return { ...inserted, returning: withCheck(inserted.returning, check) };
    });
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, queryId: QueryId): UpdateQueryNode {
    return this.#within([node.table, node.from, ...(node.joins ?? [])], node.where, (scope) => {
      const [target] = scope.sources;
      const sealed = target?.table ? sealUpdate(node, { ...target, table: target.table }, scope) : node;
      return super.transformUpdateQuery(sealed, queryId);
    });
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, queryId: QueryId): DeleteQueryNode {
    return this.#within([node.from, node.using, ...(node.joins ?? [])], node.where, () =>
      super.transformDeleteQuery(node, queryId),
    );
  }

  protected override transformMergeQuery(node: MergeQueryNode, queryId: QueryId): MergeQueryNode {
    return this.#within([node.into, node.using], undefined, ({ sources: [target] }) => {
      if (target?.table)
        throw refusal(`MERGE INTO ${target.table.table} is not known; use INSERT … ON CONFLICT`);
      return super.transformMergeQuery(node, queryId);
    });
  }

  protected override transformSelection(node: SelectionNode, queryId: QueryId): SelectionNode {
    // Arguments of functions are of this kind too: count(*).
    const isReturned = returning.has(this.nodeStack.at(-2)?.kind);
    const isDeclared = isReturned && this.#scope && this.selection.add(node.selection, this.#scope);
    return isDeclared ? node : super.transformSelection(node, queryId);
  }

  protected override transformBinaryOperation(
    node: BinaryOperationNode,
    queryId: QueryId,
  ): BinaryOperationNode {
    const { leftOperand } = node;
    const found = ReferenceNode.is(leftOperand) ? this.#scope?.find(leftOperand) : undefined;
    if (!found?.isEncrypted || !this.#scope) return super.transformBinaryOperation(node, queryId);
    // Wherever a comparison may stand, an expression may.
    return sealComparison(node, found, this.#scope) as BinaryOperationNode;
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode, queryId: QueryId): ColumnUpdateNode {
    const name = nameOf(node.column);
    return isExcluded(node.value, name) ? node : super.transformColumnUpdate(node, queryId);
  }

  protected override transformOrderByItem(node: OrderByItemNode, queryId: QueryId): OrderByItemNode {
    const { orderBy } = node;
    if (ReferenceNode.is(orderBy) && !orderBy.table && this.selection.isEncrypted(nameOf(orderBy))) {
      throw notHere(nameOf(orderBy));
    }
    return super.transformOrderByItem(node, queryId);
  }

  protected override transformReference(node: ReferenceNode, queryId: QueryId): ReferenceNode {
    const found = this.#scope?.find(node);
    if (found?.isEncrypted) throw notHere(`${found.source.table.table}.${found.column}`);
    const name = nameOf(node);
    if (node.table?.table.identifier.name === 'excluded' && this.#scope?.encryptedColumns.includes(name)) {
      throw notHere(`excluded.${name}`);
    }
    // A row as a whole: `row_to_json(contacts)`
    if (!node.table && ColumnNode.is(node.column) && this.#scope?.source(name)?.table) throw notHere(name);
    return super.transformReference(node, queryId);
  }

  protected override transformTable(node: TableNode, queryId: QueryId): TableNode {
    const { name } = node.table.identifier;
    const isArgument = functions.has(this.nodeStack.at(-2)?.kind);
    if (isArgument && this.#scope?.source(name)?.table) throw notHere(name);
    return super.transformTable(node, queryId);
  }

  protected override transformRaw(node: RawNode, queryId: QueryId): RawNode {
    // Within a query references are looked up, each by itself.
    const sql = new RawSql(node, this.#scope ? ['ReferenceNode'] : []);
    const named = sql.tablesOf(this.#tables);
    const columns = [
      ...(this.#scope?.encryptedColumns ?? []),
      ...named.flatMap(({ options }) => Object.keys(options.columns)),
    ];
    const column = columns.find((name) => sql.names(name));
    if (column !== undefined) {
      throw refusal(
        `SQL of one's own names the encrypted column "${column}", which is not looked into; use a Kysely without encryptedDialect for it`,
      );
    }
    const isWhole = this.nodeStack.length === 1;
    if (named[0] && (isWhole ? !sql.isSelect : sql.isWriting)) {
      throw refusal(
        `SQL of one's own names ${named[0].table} and is no plain SELECT, so that it may write what is not encrypted; use a Kysely without encryptedDialect for it`,
      );
    }
    return super.transformRaw(node, queryId);
  }

  #within<Node extends OperationNode>(
    sources: readonly (OperationNode | undefined)[],
    where: WhereNode | undefined,
    work: (scope: Scope) => Node,
  ): Node {
    const outer = this.#scope;
    const found: readonly Source[] = sourcesOf(sources, this.#tables);
    if (found.some(({ table }) => table)) this.isConcerned = true;
    this.#scope = new Scope(found, where, outer);
    try {
      return work(this.#scope);
    } finally {
      this.#scope = outer;
    }
  }
}

function notHere(what: string): Error {
  return refusal(
    `${what} is encrypted, and can be written, selected and compared by = and in, and nothing else`,
  );
}
