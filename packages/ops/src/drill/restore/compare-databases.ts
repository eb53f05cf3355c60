import type { DatabaseFingerprint } from './restore-types';

/**
 * What is not in the restored database as it was in the source, in words; empty where they are equal. A sequence may be
 * ahead, as it is after a crash: what matters is that no number is given out twice.
 *
 * @example
 * const differences = compareDatabases(await fingerprintDatabase(source), await fingerprintDatabase(restored));
 */
export function compareDatabases(
  source: DatabaseFingerprint,
  restored: DatabaseFingerprint,
): readonly string[] {
  return [
    ...compareTables(source, restored),
    ...compareDefinitions(source, restored),
    ...compareSequences(source, restored),
  ];
}

function compareTables(
  { tables: one }: DatabaseFingerprint,
  { tables: other }: DatabaseFingerprint,
): string[] {
  return namesOf(one, other).flatMap((name) => {
    const [before, after] = [one[name], other[name]];
    if (!before || !after) return [`table ${name} ${before ? 'is missing' : 'was not there'}`];
    if (before.rows !== after.rows) return [`table ${name} has ${after.rows} rows instead of ${before.rows}`];
    return before.checksum === after.checksum
      ? []
      : [`table ${name} has other content in its ${after.rows} rows`];
  });
}

function compareDefinitions(
  { definitions: one }: DatabaseFingerprint,
  { definitions: other }: DatabaseFingerprint,
): string[] {
  return namesOf(one, other).flatMap((name) => {
    const [before, after] = [one[name], other[name]];
    if (before === undefined || after === undefined) {
      return [`${name} ${before === undefined ? 'was not there' : 'is missing'}`];
    }
    return before === after ? [] : [`${name} is defined otherwise`];
  });
}

/** A missing one is missing among the definitions. */
function compareSequences(
  { sequences: one }: DatabaseFingerprint,
  { sequences: other }: DatabaseFingerprint,
): string[] {
  return Object.entries(one).flatMap(([name, before]) => {
    const after = other[name];
    if (before === null || after === undefined) return [];
    return after === null || BigInt(after) < BigInt(before)
      ? [`sequence ${name} is behind: ${after} after ${before}`]
      : [];
  });
}

function namesOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}
