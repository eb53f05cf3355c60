import { type KnownNames, nameChecks, type Objection } from './check-names';
import { nodeFields } from './node-fields';
import { listOf, objectOf, type TreeObject } from './tree';
import type { Route } from './types';

/** One node that is still to be looked at. */
type Visit = readonly [type: string, node: TreeObject];

const replica: Route = Object.freeze({ target: 'replica' });

/**
 * Where the statement of a parse tree goes: to a replica when every node in it is known to be harmless.
 *
 * @param tree what `parseSync` gave
 */
export function classifyTree(tree: unknown, known: KnownNames): Route {
  const statements = listOf(objectOf(tree).stmts);
  if (statements.length > 1) return primary({ reason: 'several statements' });
  const select = objectOf(objectOf(objectOf(statements[0]).stmt).SelectStmt);
  if (Object.keys(select).length === 0) return primary({ reason: 'not a read' });
  const objection = findObjection(select, known);
  return objection ? primary(objection) : replica;
}

/** A stack of its own: a long chain of operators is as deep as it is long. */
function findObjection(select: TreeObject, known: KnownNames): Objection | undefined {
  const visits: Visit[] = [['SelectStmt', select]];
  for (let visit = visits.pop(); visit; visit = visits.pop()) {
    const objection = checkNode(visit, known, visits);
    if (objection) return objection;
  }
  return undefined;
}

function checkNode([type, node]: Visit, known: KnownNames, visits: Visit[]): Objection | undefined {
  const fields = nodeFields.get(type);
  if (!fields) return { reason: isWrite(type) ? 'writes' : 'unknown syntax', detail: type };
  if (node.lockingClause) return { reason: 'locking clause' };
  if (node.intoClause) return { reason: 'creates a table' };
  for (const [name, value] of Object.entries(node)) {
    // Flags and names are part of a node that is known.
    if (typeof value !== 'object' || value === null) continue;
    const fieldType = fields.get(name);
    if (fieldType === undefined) return { reason: 'unknown syntax', detail: `${type}.${name}` };
    if (fieldType) visits.push([fieldType, value as TreeObject]);
    else pushNodes(value, visits);
  }
  return nameChecks.get(type)?.(node, known);
}

/** Nodes that carry their type: one, or a list. A place left empty in a list is `{}`. */
function pushNodes(value: object, visits: Visit[]): void {
  for (const item of Array.isArray(value) ? value : [value]) {
    for (const [type, node] of Object.entries(objectOf(item))) visits.push([type, objectOf(node)]);
  }
}

function isWrite(type: string): boolean {
  return /^(Insert|Update|Delete|Merge)Stmt$/.test(type);
}

function primary(objection: Objection): Route {
  return Object.freeze({ target: 'primary', ...objection });
}
