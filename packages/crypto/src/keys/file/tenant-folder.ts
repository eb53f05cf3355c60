import { createHash } from 'node:crypto';

/** What a file system takes as one name, without the longest endings that are put to it. */
const maxNameLength = 200;

/**
 * The name of a tenant's folder: readable where the id is, and never a path. Upper case is escaped too, because file
 * systems exist that take `Acme` and `acme` for one. Long ids become a hash.
 */
export function tenantFolder(tenantId: string): string {
  const name = [...Buffer.from(tenantId)].map(charOf).join('');
  return name.length <= maxNameLength ? name : `=${createHash('sha256').update(tenantId).digest('hex')}`;
}

/** The tenant whose folder it is; `undefined` where the name does not say it. */
export function tenantOfFolder(name: string): string | undefined {
  if (!/^(?:[a-z0-9_-]|%[0-9a-f]{2})+$/.test(name)) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

function charOf(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[a-z0-9_-]/.test(char) ? char : `%${byte.toString(16).padStart(2, '0')}`;
}
