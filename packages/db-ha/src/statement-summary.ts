import { type Statement, textOf } from './send';

/** What is looked at of a statement. */
const maxRead = 200;
const maxLength = 100;

/** Summaries by text, for applications send the same ones on and on. Those whose values stand in the text begin anew when it is full. */
const known = /* @__PURE__ */ new Map<string, string | undefined>();
const maxKnown = 500;
const maxKnownLength = 1_000;

/** A blank or a comment, a literal or number, a quoted name, a word, or any mark. */
const token =
  /\s+|--[^\n\r]*|(\/\*)|([eE]?'(?:[^'\\]|''|\\.)*'|\d[\w.]*|\$\d+)|"((?:[^"]|"")*)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|([\s\S])/y;
const commentEdge = /\/\*|\*\//g;

const withTable = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);
const withoutTable = new Set(
  'VALUES TABLE CREATE ALTER DROP TRUNCATE COPY LOCK GRANT REVOKE COMMENT REFRESH SET RESET SHOW EXPLAIN LISTEN UNLISTEN NOTIFY BEGIN START COMMIT END ROLLBACK ABORT SAVEPOINT RELEASE CALL DO ANALYZE VACUUM REINDEX CLUSTER DECLARE FETCH CLOSE PREPARE EXECUTE DEALLOCATE DISCARD CHECKPOINT'.split(
    ' ',
  ),
);

interface Token {
  readonly kind: 'value' | 'quoted' | 'word' | 'mark';
  readonly text: string;
}

/**
 * What a statement does, of low cardinality and without values: the name of a prepared statement, else its operation and
 * first table, such as `SELECT contacts`. `undefined` for what is no SQL.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query
 */
export function statementSummary(query: Statement['query']): string | undefined {
  const { name } = query as { readonly name?: unknown };
  if (typeof query !== 'string' && typeof name === 'string' && name !== '') return name.slice(0, maxLength);
  const text: unknown = textOf(query);
  if (typeof text !== 'string') return undefined;
  if (known.has(text)) return known.get(text);
  const summary = summaryOfText(text);
  if (text.length > maxKnownLength) return summary;
  if (known.size >= maxKnown) known.clear();
  known.set(text, summary);
  return summary;
}

function summaryOfText(text: string): string | undefined {
  const tokens = tokensOf(text);
  const begin = tokens.findIndex(({ kind }) => kind !== 'mark');
  const operation = wordAt(tokens, begin);
  if (operation === 'WITH') return summaryOfWith(tokens, begin);
  if (withoutTable.has(operation)) return operation;
  return withTable.has(operation) ? summaryOf(operation, tableOf(tokens, begin, operation)) : undefined;
}

/** The statement behind the `WITH` counts, and a name that stands for a query is no table. */
function summaryOfWith(tokens: readonly Token[], begin: number): string {
  const queries = new Set<string>();
  let depth = 0;
  for (const [index, { text }] of tokens.entries()) {
    if (index <= begin) continue;
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    if (depth > 0) continue;
    const word = wordAt(tokens, index);
    if (withTable.has(word)) {
      return summaryOf(
        word,
        tableOf(tokens, index, word, queries) ?? tableOf(tokens, begin, 'SELECT', queries),
      );
    }
    if (['WITH', 'RECURSIVE'].includes(wordAt(tokens, index - 1)) || tokens[index - 1]?.text === ',') {
      queries.add(nameAt(tokens, index) ?? '');
    }
  }
  return summaryOf('WITH', tableOf(tokens, begin, 'SELECT', queries));
}

function summaryOf(operation: string, table: string | undefined): string {
  return (table === undefined ? operation : `${operation} ${table}`).slice(0, maxLength);
}

function tableOf(
  tokens: readonly Token[],
  begin: number,
  operation: string,
  queries: ReadonlySet<string> = new Set(),
): string | undefined {
  if (operation === 'UPDATE') return nameAt(tokens, behindOnly(tokens, begin + 1));
  if (operation === 'SELECT') return firstRead(tokens, begin, queries);
  // INSERT INTO, MERGE INTO, DELETE FROM
  return nameAt(tokens, behindOnly(tokens, begin + 2));
}

/** The first `FROM` of a `SELECT`: those of `extract(year FROM at)` and `IS DISTINCT FROM` have none of their own. */
function firstRead(
  tokens: readonly Token[],
  begin: number,
  queries: ReadonlySet<string>,
): string | undefined {
  const levels: boolean[] = [false];
  for (const [index, { kind, text }] of tokens.entries()) {
    if (index < begin) continue;
    if (kind === 'mark' && text === '(') levels.push(false);
    else if (kind === 'mark' && text === ')') levels.pop();
    const word = wordAt(tokens, index);
    if (word === 'SELECT') levels[levels.length - 1] = true;
    if (word !== 'FROM' || !levels.at(-1) || wordAt(tokens, index - 1) === 'DISTINCT') continue;
    const name = nameAt(tokens, behindOnly(tokens, index + 1));
    if (name !== undefined && !queries.has(name)) return name;
  }
  return undefined;
}

function behindOnly(tokens: readonly Token[], index: number): number {
  return ['ONLY', 'LATERAL'].includes(wordAt(tokens, index)) ? index + 1 : index;
}

/** A name without its schema, which may be a tenant's: as the server folds it, blanks replaced. */
function nameAt(tokens: readonly Token[], index: number): string | undefined {
  const found = tokens[index];
  if (found?.kind !== 'word' && found?.kind !== 'quoted') return undefined;
  if (tokens[index + 1]?.text === '.') return nameAt(tokens, index + 2);
  const name = found.kind === 'word' ? found.text.toLowerCase() : found.text.replaceAll('""', '"');
  return name.replace(/[\s\p{C}]/gu, '_');
}

function wordAt(tokens: readonly Token[], index: number): string {
  const found = tokens[index];
  return found?.kind === 'word' ? found.text.toUpperCase() : '';
}

function tokensOf(whole: string): Token[] {
  const text = whole.slice(0, maxRead);
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [, comment, value, quoted, word, mark] = found;
    // What is cut off is no whole name.
    if (token.lastIndex === maxRead && whole.length > maxRead) break;
    if (comment !== undefined) token.lastIndex = endOfComment(text, found.index);
    else if (value !== undefined) tokens.push({ kind: 'value', text: '' });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    // A literal or a name that does not end: the rest is part of it.
    else if (mark === "'" || mark === '"') break;
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
  }
  return tokens;
}

/** Comments nest. One that does not end takes the rest along, as the server sees it. */
function endOfComment(text: string, from: number): number {
  commentEdge.lastIndex = from;
  let depth = 0;
  for (let edge = commentEdge.exec(text); edge; edge = commentEdge.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return commentEdge.lastIndex;
  }
  return text.length;
}
