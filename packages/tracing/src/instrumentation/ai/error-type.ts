import { readField, readNumber, readText } from './read-field';

/** What providers use as codes. Anything else could be of any number, or hold what a user wrote. */
const codePattern = /^[\w.-]{1,64}$/;

/**
 * `error.type` of what a client threw: the provider's code (`rate_limit_exceeded`), else the kind of error that it
 * names (`overloaded_error`), else the HTTP status, else the name of the class.
 */
export function errorType(error: unknown): string {
  for (const code of [readText(error, 'code'), readText(error, 'type')]) {
    if (code !== undefined && codePattern.test(code)) return code;
  }
  return readNumber(error, 'status')?.toString() ?? className(error) ?? '_OTHER';
}

/** Whether the application took the call back, which is no failure of it. */
export function isAbort(error: unknown): boolean {
  return readText(error, 'name') === 'AbortError' || className(error) === 'APIUserAbortError';
}

function className(error: unknown): string | undefined {
  const name = readField(error, 'constructor');
  return typeof name === 'function' ? name.name : undefined;
}
