/** `12,345`. */
export function count(amount: number | string | bigint): string {
  return BigInt(amount).toLocaleString('en');
}

/** `$12.34`, `$0.0047`, `$0.000002`, `$0`: cents, and below a cent what tells one amount from another. */
export function dollars(usd: string): string {
  const amount = Number(usd);
  if (amount === 0) return '$0';
  if (amount >= 0.1)
    return `$${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  const digits = Math.min(9, Math.ceil(-Math.log10(amount)) + 1);
  return `$${amount.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** `16:40 UTC`. */
export function clockTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)} UTC`;
}
