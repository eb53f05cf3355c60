import { IdentifierNode, type OperationNode, RawNode } from 'kysely';
import type { EncryptedTable } from '../types';

/** Data, and what is looked into by itself. */
const apart: ReadonlySet<string> = new Set([
  'ValueNode',
  'PrimitiveValueListNode',
  'SelectQueryNode',
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
  'MergeQueryNode',
]);
const lock = /\bfor\s+(?:no\s+key\s+)?update\b/gi;

/** SQL of one's own, as far as it is known: its text, with the names in it. */
export class RawSql {
  readonly #text: string;

  /** @param without kinds of nodes in it that are looked into by themselves */
  constructor(node: RawNode, without: readonly string[] = []) {
    this.#text = textOf(node, new Set([...apart, ...without]));
  }

  /** Whether a name is in it, in whatever case: PostgreSQL folds what is not quoted. */
  names(name: string): boolean {
    const quoted = name.replaceAll('"', '""').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    return new RegExp(`(?<![\\p{L}\\p{N}_$])${quoted}(?![\\p{L}\\p{N}_$])`, 'iu').test(this.#text);
  }

  tablesOf(tables: readonly EncryptedTable[]): readonly EncryptedTable[] {
    return tables.filter(({ table }) => this.names(table));
  }

  /** One SELECT, which cannot write: no second statement after it, and no WITH before it. */
  get isSelect(): boolean {
    return /^[\s(]*select\b[^;]*;?\s*$/i.test(this.#text);
  }

  get hasSelect(): boolean {
    return /\bselect\b/i.test(this.#text);
  }

  get isWriting(): boolean {
    return /\b(?:insert|update|delete|merge|truncate|copy)\b/i.test(this.#text.replace(lock, ''));
  }
}

function textOf(node: OperationNode, without: ReadonlySet<string>): string {
  if (RawNode.is(node)) {
    const { sqlFragments, parameters } = node;
    return sqlFragments
      .map((fragment, at) => fragment + (parameters[at] ? textOf(parameters[at], without) : ''))
      .join('');
  }
  if (IdentifierNode.is(node)) return `"${node.name.replaceAll('"', '""')}"`;
  if (without.has(node.kind)) return ' ? ';
  const children = Object.values(node).flat().filter(isNode);
  return children.map((child) => textOf(child, without)).join(' ');
}

function isNode(value: unknown): value is OperationNode {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
