/** A property of whatever a provider sent, or `undefined`: nothing of it can be trusted to have its documented shape. */
export function readField(value: unknown, name: string): unknown {
  const hasFields = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return hasFields ? (value as Record<string, unknown>)[name] : undefined;
}

export function readNumber(value: unknown, name: string): number | undefined {
  const field = readField(value, name);
  return typeof field === 'number' && Number.isFinite(field) ? field : undefined;
}

export function readText(value: unknown, name: string): string | undefined {
  const field = readField(value, name);
  return typeof field === 'string' && field !== '' ? field : undefined;
}
