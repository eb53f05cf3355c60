/**
 * A message of an error without what it quotes, which is where databases show values: `invalid input syntax for type
 * integer: "?"`, `Key (email)=(?) already exists`.
 */
export function maskQuoted(message: string): string {
  return message
    .slice(0, maxLength)
    .replace(/"[^"]*(?:"|$)/g, '"?"')
    .replace(/(?<!\w)'[^']*(?:'|$)/g, "'?'")
    .replace(/`[^`]*(?:`|$)/g, '`?`')
    .replace(/=\([^)]*(?:\)|$)/g, '=(?)');
}

const maxLength = 4_096;
