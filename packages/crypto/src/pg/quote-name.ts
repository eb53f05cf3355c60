/** A name as SQL takes it, whatever is in it; of a table with its schema each part. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `crm.contacts` is the table `contacts` of the schema `crm`. */
export function quoteTable(table: string): string {
  return table.split('.').map(quoteName).join('.');
}
