/**
 * The entries of a list, from the right, one at a time: what stands left of the entry that is asked for last is not
 * looked at, since anybody may have written it. A comma within quotes does not separate (RFC 9110 §5.6.4); empty
 * entries are none (§5.6.1).
 */
export function* forwardedEntries(list: string): Generator<string, void> {
  let end = list.length;
  while (end > 0) {
    const start = separatorBefore(list, end) + 1;
    const entry = trimmed(list.slice(start, end));
    if (entry !== '') yield entry;
    end = start - 1;
  }
}

function separatorBefore(list: string, end: number): number {
  let isQuoted = false;
  let at = end - 1;
  while (at >= 0 && (isQuoted || list[at] !== ',')) {
    // From the right, the quote that opens has no backslash before it; within, each has one.
    if (list[at] === '"' && !(isQuoted && list[at - 1] === '\\')) isQuoted = !isQuoted;
    at -= 1;
  }
  return at;
}

/** Only what HTTP takes for white space (RFC 9110 §5.6.3). */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (isSpace(text[start])) start += 1;
  while (end > start && isSpace(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
