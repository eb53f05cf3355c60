/** Comments and everything quoted: what stands there is no word of the statement. */
const noWords =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$((?:[A-Za-z_]\w*)?)\$[\s\S]*?\$\1\$/g;
const anyOfThem = /\b(begin|start|commit|end|abort|rollback|prepare)\b/i;
/** Going back to a savepoint ends nothing. */
const controls =
  /^\s*(begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!(\s+(work|transaction))?\s+to\b))\b/i;
const commits = /^\s*(commit|end|prepare\s+transaction)\b/i;

/** Whether a text begins or ends a transaction, alone, behind a comment or among other statements. */
export function controlsTransaction(text: unknown): boolean {
  return statementsOf(text).some((statement) => controls.test(statement));
}

/** Whether a text can end a transaction so that it takes effect. */
export function commitsTransaction(text: unknown): boolean {
  return statementsOf(text).some((statement) => commits.test(statement));
}

/** Cheap for the many texts that have none of the words. */
function statementsOf(text: unknown): readonly string[] {
  if (typeof text !== 'string' || !anyOfThem.test(text)) return [];
  const words = text.replace(noWords, ' ');
  // The body of a function in SQL's own words has statements, and an END, of its own.
  return /\bbegin\s+atomic\b/i.test(words) ? [words] : words.split(';');
}
