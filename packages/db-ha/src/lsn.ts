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
