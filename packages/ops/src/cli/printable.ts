/** Everything that moves a cursor, changes the direction of text, or cannot be seen. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text of any length as one line without anything that a terminal obeys: what a server answered is shown, and must not
 * rewrite what is above it.
 */
export function printableLine(text: string, maxLength = 1_000): string {
  const line = text.replace(/[\t\r\n]+/g, ' ').trim();
  const shown = line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
  return shown.replace(unprintable, escaped);
}

/** The same for text that has lines of its own. */
export function printableText(text: string): string {
  return text.replace(unprintable, (character) =>
    /[\t\n]/.test(character) ? character : escaped(character),
  );
}

/** JSON says `\u001b` by itself, and leaves `\u009b`, which some terminals take for the same. */
export function printableJson(value: unknown): string {
  return (JSON.stringify(value, null, 2) ?? 'null').replace(unprintable, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

/** By UTF-16 units, as JSON wants it. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
