import type { Redact } from '@unite/core';

const maxDepth = 20;

/** A copy of what JSON can say, with every text redacted under its key. What is deeper than 20 is left out. */
export function redactTree(value: unknown, redact: Redact, key = '', depth = 0): unknown {
  if (typeof value === 'string') return redact(key, value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return undefined;
  // Texts of a list, such as those of a breadcrumb, are of the key of the list.
  if (Array.isArray(value)) return value.map((one) => redactTree(one, redact, key, depth + 1) ?? null);
  const entries = Object.entries(value).map(([name, one]) => [
    name,
    redactTree(one, redact, name, depth + 1),
  ]);
  return Object.fromEntries(entries);
}
