/** Whether an operation failed: then its message has the error. */
export function outcomeOf(message: object): 'ok' | 'error' {
  return 'error' in message ? 'error' : 'ok';
}

/** Code of an error that the family defines. Codes of others may be anything, and any number: `other`. */
export function failureCode({ error }: { readonly error?: unknown }): string {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^UNITE_[A-Z_]{1,60}$/.test(code) ? code : 'other';
}
