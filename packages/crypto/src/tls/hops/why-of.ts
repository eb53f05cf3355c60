/** Why something failed, in a few words: a code where there is one, as messages of drivers may be long, and quote. */
export function whyOf(error: unknown): string {
  const { name, code, message } = (error ?? {}) as { name?: unknown; code?: unknown; message?: unknown };
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time';
  if (typeof code === 'string' && code !== '') return code;
  return typeof message === 'string' ? (message.split('\n')[0] as string).slice(0, 120) : 'unknown';
}
