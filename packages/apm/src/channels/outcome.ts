/** Whether an operation failed: then its message has the error. */
export function outcomeOf(message: object): 'ok' | 'error' {
  return 'error' in message ? 'error' : 'ok';
}
