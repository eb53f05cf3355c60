import { withoutQuotes } from './without-quotes';

const anyOfThem = /\b(begin|start|commit|end|abort|rollback|prepare)\b/i;
/** Going back to a savepoint ends nothing. */
const controls =
  /^\s*(begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!(\s+(work|transaction))?\s+to\b))\b/i;
const commits = /^\s*(commit|end|prepare\s+transaction)\b/i;
const commitsAlone = /^\s*(commit|end)(\s+(work|transaction))?(\s+and\s+no\s+chain)?\s*$/i;
const rollsBack = /^\s*(rollback|abort)\b/i;
const begins = /^\s*(begin|start\s+transaction)\b/i;
/** Statements that PostgreSQL does whole or not at all. `CALL`, `DO` and `… CONCURRENTLY` commit on the way. */
const whole =
  /^\s*(select|insert|update|delete|merge|with|values|table|create|alter|drop|truncate|copy|lock|grant|revoke|comment|refresh|set|reset|show|explain|listen|notify|begin|start)\b/i;
const commitsOnItsWay = /\bconcurrently\b/i;

/** Whether a text begins or ends a transaction, alone, behind a comment or among other statements. */
export function controlsTransaction(text: unknown): boolean {
  return statementsOf(text).some((statement) => controls.test(statement));
}

/** Whether a text can end a transaction so that it takes effect. */
export function commitsTransaction(text: unknown): boolean {
  return statementsOf(text).some((statement) => commits.test(statement));
}

/** Whether a text commits and does nothing else. */
export function isCommit(text: unknown): boolean {
  const statements = statementsOf(text);
  return statements.length === 1 && commitsAlone.test(statements[0] as string);
}

/** Whether a text that is sent inside a transaction can make something last: by a commit, or behind a rollback. */
export function outlastsTransaction(text: unknown): boolean {
  const statements = statementsOf(text);
  return statements.some(
    (statement, at) =>
      commits.test(statement) ||
      (at < statements.length - 1 && controls.test(statement) && rollsBack.test(statement)),
  );
}

/** How many answers `ROLLBACK` a text asks for; one more is that of a commit which the server refused. */
export function rollbacksIn(text: unknown): number {
  return statementsOf(text).filter((statement) => rollsBack.test(statement)).length;
}

/** Whether a text is one statement. */
export function isAlone(text: unknown): boolean {
  return statementsOf(text).length === 1;
}

/** Whether a text begins a transaction and does nothing else. */
export function isBegin(text: unknown): boolean {
  const statements = statementsOf(text);
  return statements.length === 1 && begins.test(statements[0] as string);
}

/**
 * Whether a text, sent outside of a transaction, took no effect when the server says that it failed. Several
 * statements are one transaction only while none of them begins or ends one.
 */
export function isWhole(text: unknown): boolean {
  if (typeof text !== 'string') return true;
  const statements = split(withoutQuotes(text));
  const isTransaction = statements.length === 1 || !controlsTransaction(text);
  return (
    isTransaction &&
    statements.every((statement) => whole.test(statement) && !commitsOnItsWay.test(statement))
  );
}

/** Cheap for the many texts that have none of the words. */
function statementsOf(text: unknown): readonly string[] {
  if (typeof text !== 'string' || !anyOfThem.test(text)) return [];
  const words = withoutQuotes(text);
  // The body of a function in SQL's own words has statements, and an END, of its own.
  return /\bbegin\s+atomic\b/i.test(words) ? [words] : split(words);
}

function split(words: string): readonly string[] {
  return words.split(';').filter((statement) => statement.trim() !== '');
}
