import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  FromNode,
  IdentifierNode,
  type JoinNode,
  ListNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  RawNode,
  ReferenceNode,
  TableNode,
  UsingNode,
  ValueNode,
  type WhereNode,
} from 'kysely';
import type { EncryptedTable } from '../types';
import { columnsOf, type DeclaredColumns } from './columns-of';
import { RawSql } from './raw-sql';
import { refusal } from './refusal';

/** A table of a query, under the name that it has there. */
export interface Source {
  readonly alias: string;
  /** `undefined` for what was not declared: other tables, subqueries. */
  readonly table: EncryptedTable | undefined;
  readonly columns: DeclaredColumns;
}

/** A source that was declared. */
export interface EncryptedSource extends Source {
  readonly table: EncryptedTable;
}

/** A declared column that a query names. */
export interface FoundColumn {
  readonly source: EncryptedSource;
  readonly column: string;
  readonly isEncrypted: boolean;
}

const noColumns: DeclaredColumns = { keys: [], encrypted: [], indexes: new Map() };

/** The tables that one query, or a query within it, sees. */
export class Scope {
  readonly sources: readonly Source[];
  readonly #parent: Scope | undefined;
  /** What `WHERE` demands of declared columns, by source and column. */
  readonly #literals = new Map<string, unknown>();

  constructor(sources: readonly Source[], where: WhereNode | undefined, parent: Scope | undefined) {
    this.sources = sources;
    this.#parent = parent;
    if (where) this.#readLiterals(where.where);
  }

  get isOutermost(): boolean {
    return this.#parent === undefined;
  }

  /** The value that a row must have in a column, to be one of the query's: `where id = 7` */
  literal(source: Source, column: string): unknown {
    return this.#literals.get(`${source.alias}.${column}`);
  }

  /** The declared column behind a reference, in this query or one around it. */
  find(node: ReferenceNode): FoundColumn | undefined {
    if (!ColumnNode.is(node.column)) return undefined;
    const column = node.column.column.name;
    if (node.table) {
      const source = this.source(node.table.table.identifier.name);
      return source && foundIn(source, column);
    }
    return this.#findUnqualified(column, undefined);
  }

  source(alias: string): Source | undefined {
    return this.sources.find((source) => source.alias === alias) ?? this.#parent?.source(alias);
  }

  /** Of this query, and of those around it. */
  get encryptedColumns(): readonly string[] {
    const own = this.sources.flatMap(({ columns }) => columns.encrypted);
    return this.#parent ? [...own, ...this.#parent.encryptedColumns] : own;
  }

  #findUnqualified(column: string, unknown: Source | undefined): FoundColumn | undefined {
    for (const source of this.sources) {
      const found = foundIn(source, column);
      if (found && unknown && found.isEncrypted) {
        const owners = `${source.alias}.${column} or ${unknown.alias}.${column}`;
        throw refusal(`"${column}" may be of several tables; say which one: ${owners}`);
      }
      if (found) return found;
    }
    if (!this.#parent) return undefined;
    const other = unknown ?? this.sources.find(({ table }) => table === undefined);
    return this.#parent.#findUnqualified(column, other);
  }

  #readLiterals(node: OperationNode): void {
    if (AndNode.is(node)) {
      this.#readLiterals(node.left);
      this.#readLiterals(node.right);
    } else if (ParensNode.is(node)) {
      this.#readLiterals(node.node);
    } else if (BinaryOperationNode.is(node)) {
      const { leftOperand, operator, rightOperand } = node;
      if (!OperatorNode.is(operator) || operator.operator !== '=') return;
      if (!ReferenceNode.is(leftOperand) || !ValueNode.is(rightOperand)) return;
      const found = this.find(leftOperand);
      if (found) this.#literals.set(`${found.source.alias}.${found.column}`, rightOperand.value);
    }
  }
}

/** What the tables of a query are called, and which of them were declared. */
export function sourcesOf(
  nodes: readonly (OperationNode | undefined)[],
  tables: readonly EncryptedTable[],
): Source[] {
  return nodes.flatMap((node): Source[] => {
    if (!node) return [];
    if (FromNode.is(node)) return sourcesOf(node.froms, tables);
    if (UsingNode.is(node)) return sourcesOf(node.tables, tables);
    if (ListNode.is(node)) return sourcesOf(node.items, tables);
    if (isJoin(node)) return sourcesOf([node.table], tables);
    if (!AliasNode.is(node)) return [sourceOf(node, undefined, tables)];
    const alias = IdentifierNode.is(node.alias) ? node.alias.name : '';
    return [sourceOf(node.node, alias, tables)];
  });
}

function sourceOf(node: OperationNode, alias: string | undefined, tables: readonly EncryptedTable[]): Source {
  if (RawNode.is(node)) refuseRawTable(node, tables);
  const name = TableNode.is(node) ? node.table.identifier.name : undefined;
  const table = tables.find((declared) => declared.table === name);
  return { alias: alias ?? name ?? '', table, columns: table ? columnsOf(table) : noColumns };
}

/** A declared table that is named by SQL alone would be taken for another one. */
function refuseRawTable(node: RawNode, tables: readonly EncryptedTable[]): void {
  const sql = new RawSql(node);
  const [named] = sql.tablesOf(tables);
  if (named && !sql.hasSelect) {
    throw refusal(`${named.table} is named by SQL of one's own; name it by Kysely, so that it is known`);
  }
}

function foundIn(source: Source, column: string): FoundColumn | undefined {
  const { table, columns } = source;
  if (!table) return undefined;
  const isEncrypted = columns.encrypted.includes(column);
  if (!isEncrypted && !columns.keys.includes(column)) return undefined;
  return { source: { ...source, table }, column, isEncrypted };
}

function isJoin(node: OperationNode): node is JoinNode {
  return node.kind === 'JoinNode';
}
