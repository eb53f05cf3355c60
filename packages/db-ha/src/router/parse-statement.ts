import { warnOnce } from '@unite/shared';
import type { KnownNames } from './check-names';
import { classifyTree } from './classify-tree';
import type { PrimaryReason, Route, SqlParser } from './types';

/** Texts beyond this take the parser, and with it the event loop, more than some 30 ms. */
const maxParsedLength = 65_536;
/** Operators beyond this may nest so deep that the parser's stack overflows, from which WASM never recovers. */
const maxOperators = 2_000;

/** A text that starts with neither a comment nor one of these words is no read, whatever follows. */
const readStart = /^[\s(]*(?:select|with|values|table|--|\/\*)/i;

/**
 * Whether the parser should look at all. Sparing writes the parser, and the memory their many texts, is worth
 * more than this look costs.
 */
export function mayBeRead(text: string): boolean {
  return readStart.test(text);
}

/** Where a text goes that may be a read. Never throws. */
export function parseStatement(text: string, parser: SqlParser, known: KnownNames): Route {
  if (text.length > maxParsedLength || hasManyOperators(text)) return primary('too complex');
  // The parser would stop at a NUL and never see what follows.
  if (text.includes('\0')) return primary('unparsed');
  try {
    return classifyTree(parser.parseSync(text), known);
  } catch (error) {
    if (isExhausted(error)) {
      warnOnce(
        'UNITE_DB_ROUTER_PARSER_EXHAUSTED',
        'The SQL parser ran out of its stack and may refuse every statement from now on, which then goes to the primary. Restart the process, and look for statements with thousands of nested expressions.',
      );
    }
    return primary('unparsed');
  }
}

function primary(reason: PrimaryReason): Route {
  return { target: 'primary', reason };
}

/** Chains of postfix words, such as `COLLATE`, nest as operators do. */
function hasManyOperators(text: string): boolean {
  if (text.length <= maxOperators) return false;
  let count = 0;
  for (const _ of text.matchAll(/[-+*/<>=~!@#%^&|`?:]+|\b(?:collate|at|is|isnull|notnull)\b/gi)) {
    if (++count > maxOperators) return true;
  }
  return false;
}

/** A stack that overflowed inside WASM: its own pointer is not put back, and every time costs some of it. */
function isExhausted(error: unknown): boolean {
  return error instanceof Error && (error.name === 'RangeError' || error.name === 'RuntimeError');
}
