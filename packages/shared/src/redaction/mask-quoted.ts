import { maskDatabaseValues } from './mask-database-values';

/**
 * A message of an error without what it quotes, which is where databases show values: `invalid input syntax for type
 * integer: "?"`, `Key (email)=(?) already exists`.
 */
export function maskQuoted(message: string): string {
  return maskDatabaseValues(message.slice(0, maxLength))
    .replace(given, (data) => data.replace(/(: )-?\d[\w.]*/g, '$1?'))
    .replace(/"[^"]*(?:"|$)/g, '"?"')
    .replace(/(?<!\w)'[^']*(?:'|$)/g, "'?'")
    .replace(/`[^`]*(?:`|$)/g, '`?`')
    .replace(/=\([^)]*(?:\)|$)/g, '=(?)');
}

/** A stack whose message is masked; where it was thrown stays. */
export function maskQuotedStack(stack: string, message: string): string {
  const masked = stack.replace(message, () => maskQuoted(message));
  const frames = masked.search(/\n\s{1,8}at /);
  // The message may have been changed since the stack was made.
  return frames < 0 ? maskQuoted(masked) : maskQuoted(masked.slice(0, frames)) + masked.slice(frames);
}

/** What was to be written, as Prisma shows it: its numbers have no quotes. */
const given = /\bdata: \{[^}]*/g;

const maxLength = 4_096;
