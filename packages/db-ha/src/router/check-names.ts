import { attributeFunctions } from './attribute-functions';
import { safeFunctions } from './safe-functions';
import { safeOperators } from './safe-operators';
import { safeRelations } from './safe-relations';
import { namesOf, type TreeObject } from './tree';
import type { PrimaryReason } from './types';

/** What speaks against a replica. */
export interface Objection {
  readonly reason: PrimaryReason;
  readonly detail?: string | undefined;
}

/** Names that the application vouches for, each as `nameKey` writes it. */
export interface KnownNames {
  readonly functions: ReadonlySet<string>;
  readonly operators: ReadonlySet<string>;
}

/** Looks at the names in one node. */
type NameCheck = (node: TreeObject, known: KnownNames) => Objection | undefined;

/** The checks of those nodes whose harm depends on a name. */
export const nameChecks: ReadonlyMap<string, NameCheck> = new Map<string, NameCheck>([
  ['FuncCall', (node, known) => checkFunction(namesOf(node.funcname), known)],
  ['A_Expr', checkExpression],
  ['SortBy', (node, known) => (node.useOp ? checkOperator(namesOf(node.useOp), known) : undefined)],
  ['SubLink', (node, known) => (node.operName ? checkOperator(namesOf(node.operName), known) : undefined)],
  ['ColumnRef', (node) => checkColumn(namesOf(node.fields))],
  ['A_Indirection', (node) => checkAttributes(namesOf(node.indirection))],
  ['RangeTableSample', (node) => checkSampling(namesOf(node.method))],
  ['RangeVar', checkRelation],
]);

/** A name with its schema as one string; no identifier has a NUL in it. */
export function nameKey(names: readonly string[]): string {
  return names.join('\0');
}

function checkFunction(names: readonly string[], known: KnownNames): Objection | undefined {
  const safe = known.functions.has(nameKey(names)) || isOwn(names, safeFunctions);
  return safe ? undefined : { reason: 'function', detail: names.join('.') };
}

function checkOperator(names: readonly string[], known: KnownNames): Objection | undefined {
  const safe = known.operators.has(nameKey(names)) || isOwn(names, safeOperators);
  return safe ? undefined : { reason: 'operator', detail: names.join('.') };
}

/** `BETWEEN` carries its keywords where others carry an operator; it compares by `<=` and `>=`. */
function checkExpression(node: TreeObject, known: KnownNames): Objection | undefined {
  if (/^AEXPR_(NOT_)?BETWEEN(_SYM)?$/.test(String(node.kind))) return undefined;
  return checkOperator(namesOf(node.name), known);
}

/**
 * `(42).pg_advisory_lock` calls the function, and so does `alias.pg_advisory_lock`: where there is no such
 * column, PostgreSQL looks for a function of one argument.
 *
 * @see https://www.postgresql.org/docs/18/sql-expressions.html#SQL-EXPRESSIONS-FUNCTION-CALLS
 */
function checkAttributes(names: readonly string[]): Objection | undefined {
  const name = names.find((candidate) => attributeFunctions.has(candidate));
  return name === undefined ? undefined : { reason: 'function', detail: name };
}

/** A sequence has these columns, and nothing else in its own name tells it from a table. */
function checkColumn(names: readonly string[]): Objection | undefined {
  const name = names.find((candidate) => /^(last_value|log_cnt|is_called)$/.test(candidate));
  return name === undefined ? checkAttributes(names.slice(1)) : { reason: 'sequence', detail: name };
}

/** The two methods that PostgreSQL has; an extension's may do anything. */
function checkSampling(names: readonly string[]): Objection | undefined {
  const safe = isOwn(names, new Set(['bernoulli', 'system']));
  return safe ? undefined : { reason: 'function', detail: names.join('.') };
}

/**
 * Tables are replicated, and so are the system catalogs; other relations named `pg_…` speak of the server
 * that is asked, in whichever schema an extension put them.
 */
function checkRelation(node: TreeObject): Objection | undefined {
  const name = String(node.relname);
  const schema = typeof node.schemaname === 'string' ? node.schemaname : undefined;
  if (schema?.startsWith('pg_temp')) return { reason: 'temporary table', detail: name };
  // information_schema leaves out other sessions' temporary tables, and pg_toast is nobody's business.
  const ofServer =
    name.startsWith('pg_') || schema === 'information_schema' || (schema?.startsWith('pg_') ?? false);
  // As `serial` and identity columns name theirs.
  if (!ofServer) return name.endsWith('_seq') ? { reason: 'sequence', detail: name } : undefined;
  const safe = (schema === undefined || schema === 'pg_catalog') && safeRelations.has(name);
  return safe ? undefined : { reason: 'system view', detail: name };
}

/** Whether a name is one of PostgreSQL's own in the set; `pg_catalog` is searched first unless told otherwise. */
function isOwn(names: readonly string[], own: ReadonlySet<string>): boolean {
  const [schema, name] = names.length === 1 ? ['pg_catalog', names[0]] : names;
  return names.length <= 2 && schema === 'pg_catalog' && name !== undefined && own.has(name);
}
