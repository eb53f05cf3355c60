/** One half of a character beyond U+FFFF without the other, for which UTF-8 has no bytes: to Redis all are the same. */
const half = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';
const anyHalf = new RegExp(half);
const everyHalf = new RegExp(half, 'g');

export function hasHalfCharacters(text: string): boolean {
  return anyHalf.test(text);
}

/** The same text with each half as `%uxxxx`. */
export function escapeHalfCharacters(text: string): string {
  return text.replace(everyHalf, (character) => `%u${character.charCodeAt(0).toString(16)}`);
}
