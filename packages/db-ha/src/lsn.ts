/**
 * A position in the write-ahead log, as PostgreSQL prints it: two 32-bit halves in hexadecimal.
 *
 * @see https://www.postgresql.org/docs/18/datatype-pg-lsn.html
 * @returns `undefined` for anything else
 */
export function parseLsn(text: string): bigint | undefined {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? [];
  return high && low ? (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`) : undefined;
}

/** `0/3000148` */
export function formatLsn(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();
}

const pageBytes = 8_192n;
const pageHeaderBytes = 24n;
const segmentHeaderBytes = 40n;

/**
 * Where the last record ends, from the position at which the next one is inserted. After a record that fills
 * its page the two differ by the next page's header, which no replica replays before another record follows:
 * on an idle cluster that takes until the next checkpoint.
 *
 * @see `XLogBytePosToRecPtr` in PostgreSQL's xlog.c
 */
export function endOfLastRecord(insertLsn: bigint, walSegmentBytes: bigint): bigint {
  if (insertLsn % walSegmentBytes === segmentHeaderBytes) return insertLsn - segmentHeaderBytes;
  if (insertLsn % pageBytes === pageHeaderBytes) return insertLsn - pageHeaderBytes;
  return insertLsn;
}
