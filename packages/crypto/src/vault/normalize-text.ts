/** No language has so many combining characters in a row: the Stream-Safe Text Format of UAX #15 §13. */
const longRun = /(\p{M}{30})(?=\p{M})/gu;
const graphemeJoiner = '\u034f';

/**
 * NFC, in time that grows with the length alone: combining characters are put in order, which takes the square of how
 * many follow each other, and a text to search for is anybody's. Text without such runs is not changed by it.
 */
export function normalizeText(text: string): string {
  return text.replace(longRun, `$1${graphemeJoiner}`).normalize('NFC');
}
