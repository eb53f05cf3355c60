/** A name as SQL writes it: `"Price"`. The same as the client of `pg` gives. */
export function escapeIdentifier(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A text as SQL writes it: `'it''s'`. The same as the client of `pg` gives, whatever the server's settings. */
export function escapeLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}` : quoted;
}
