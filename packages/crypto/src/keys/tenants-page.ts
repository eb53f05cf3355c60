/** A page of tenants, in the order of their ids' UTF-8: that of PostgreSQL's collation `C` too. */
export function pageOf(
  tenantIds: readonly string[],
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): readonly string[] {
  return tenantIds
    .filter((id) => after === undefined || byBytes(id, after) > 0)
    .sort(byBytes)
    .slice(0, limit);
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
