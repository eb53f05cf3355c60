import {
  AliasNode,
  ColumnNode,
  IdentifierNode,
  type OperationNode,
  ReferenceNode,
  SelectAllNode,
} from 'kysely';
import { refusal } from './refusal';
import type { EncryptedSource, FoundColumn, Scope, Source } from './scope';

type Row = Record<string, unknown>;

/** What the outermost query returns of declared tables, so that its rows can be decrypted. */
export class Selection {
  /** Whose columns are all returned; `undefined` is of other tables. */
  readonly #all: (Source | undefined)[] = [];
  readonly #found: (FoundColumn & { readonly output: string })[] = [];
  /** Names of what else is returned. */
  readonly #others: string[] = [];

  /** @returns whether it is a selection of declared columns by themselves, which need no further look */
  add(node: OperationNode, scope: Scope): boolean {
    const { value, output } = outputOf(node);
    if (isAll(value)) return this.#addAll(value, scope);
    const found = ReferenceNode.is(value) ? scope.find(value) : undefined;
    if (!found) {
      this.#others.push(output ?? '');
      return false;
    }
    if (!scope.isOutermost) {
      if (!found.isEncrypted) return false;
      throw nested(found.source, found.column);
    }
    if (output !== undefined) this.#found.push({ ...found, output });
    else if (found.isEncrypted) {
      throw refusal(`${found.source.table.table}.${found.column} needs a plain name in the result`);
    }
    return true;
  }

  /** Whether a name of the result is of an encrypted column. */
  isEncrypted(output: string): boolean {
    return this.#found.some((found) => found.isEncrypted && found.output === output);
  }

  get isEmpty(): boolean {
    return this.#all.every((source) => !source?.table) && !this.#found.some(({ isEncrypted }) => isEncrypted);
  }

  /** How to decrypt the rows. @throws CryptoError where something is missing for it */
  opener(): (rows: readonly unknown[]) => Promise<unknown[]> {
    const sources = new Map<string, EncryptedSource>();
    for (const { source, isEncrypted } of this.#found) if (isEncrypted) sources.set(source.alias, source);
    for (const source of this.#all) {
      if (source?.table) sources.set(source.alias, { ...source, table: source.table });
    }
    const plans = [...sources.values()].map((source) => ({ source, outputs: this.#outputsOf(source) }));
    return async (rows) => {
      let opened = rows as Row[];
      for (const { source, outputs } of plans) {
        const views = opened.map((row) =>
          Object.fromEntries(outputs.map(({ column, output }) => [column, row[output]])),
        );
        const plain = await source.table.decryptAll(views);
        const encrypted = outputs.filter(({ column }) => source.columns.encrypted.includes(column));
        opened = opened.map((row, at) => ({
          ...row,
          ...Object.fromEntries(
            encrypted
              .filter(({ output }) => output in row)
              .map(({ column, output }) => [output, plain[at]?.[column]]),
          ),
        }));
      }
      return opened;
    };
  }

  #outputsOf(source: EncryptedSource): readonly { readonly column: string; readonly output: string }[] {
    const { table, columns, alias } = source;
    const own = this.#found.filter((found) => found.source.alias === alias);
    const isAllOfIt = this.#all.some((all) => all?.alias === alias);
    const outputs = isAllOfIt
      ? [...columns.keys, ...columns.encrypted].map((column) => ({ column, output: column }))
      : own.map(({ column, output }) => ({ column, output }));
    const missing = columns.keys.filter((key) => !outputs.some(({ column }) => column === key));
    if (missing.length > 0) {
      const column = own.find(({ isEncrypted }) => isEncrypted)?.column;
      throw refusal(
        `to decrypt ${alias}.${column}, the query must return ${missing.map((key) => `${alias}.${key}`).join(' and ')} too`,
      );
    }
    if (isAllOfIt && own.some(({ isEncrypted, column, output }) => isEncrypted && column !== output)) {
      throw refusal(
        `${table.table}: all columns, and one of them again under another name; take one of both`,
      );
    }
    const taken = [
      ...this.#others,
      ...this.#found.filter((found) => found.source.alias !== alias).map(({ output }) => output),
    ];
    const clash = outputs.find(({ output }) => taken.includes(output));
    if (clash) throw refusal(`two columns of the result are called "${clash.output}"; rename the other one`);
    if (this.#all.length > (isAllOfIt ? 1 : 0)) {
      throw refusal(
        `columns of other tables may be called as those of ${alias}; name the columns rather than select all of several tables`,
      );
    }
    return outputs;
  }

  #addAll(node: OperationNode, scope: Scope): boolean {
    const qualifier = ReferenceNode.is(node) ? node.table?.table.identifier.name : undefined;
    const sources = qualifier === undefined ? scope.sources : [scope.source(qualifier)];
    const declared = sources.find((source) => source?.table);
    if (!scope.isOutermost) {
      if (declared?.table) throw nested({ ...declared, table: declared.table }, '*');
      return false;
    }
    this.#all.push(...sources);
    return true;
  }
}

function nested({ table }: EncryptedSource, column: string): Error {
  return refusal(
    `${table.table}.${column} is selected within another query, where it cannot be decrypted; select it in the outermost one`,
  );
}

function outputOf(node: OperationNode): {
  readonly value: OperationNode;
  readonly output: string | undefined;
} {
  if (AliasNode.is(node)) {
    return { value: node.node, output: IdentifierNode.is(node.alias) ? node.alias.name : undefined };
  }
  const isColumn = ReferenceNode.is(node) && ColumnNode.is(node.column);
  return { value: node, output: isColumn ? (node.column as ColumnNode).column.name : undefined };
}

function isAll(node: OperationNode): boolean {
  return SelectAllNode.is(node) || (ReferenceNode.is(node) && SelectAllNode.is(node.column));
}
