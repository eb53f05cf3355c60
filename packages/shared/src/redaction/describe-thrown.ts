import { describeValue } from '../check-options';
import { isDatabaseError } from './is-database-error';
import { maskQuoted, maskQuotedStack } from './mask-quoted';

/** What a span says of what was thrown. */
export interface Thrown {
  /** The error's class; none where it is no error. */
  readonly name?: string;
  /** Such as `ECONNREFUSED` or `22P02`. */
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
}

/**
 * What was thrown, in texts. Where a database answered it, also to an error that has it as its cause, message and stack
 * come without the values that are quoted in them. Anything can be thrown, so this never throws itself.
 */
export function describeThrown(thrown: unknown): Thrown {
  try {
    return thrown instanceof Error ? describeError(thrown) : { message: `thrown: ${describeValue(thrown)}` };
  } catch {
    return { message: 'thrown: a value that cannot be read' };
  }
}

/** Field by field: one that cannot be read costs none of the others. */
function describeError(error: Error & { code?: unknown }): Thrown {
  const code = attempt(() => error.code);
  const stack = attempt(() => error.stack);
  const message = attempt(() => String(error.message)) ?? 'a message that cannot be read';
  const isMasked = isDatabaseError(error);
  return {
    name: className(error),
    ...(isCode(code) && { code: String(code) }),
    message: isMasked ? maskQuoted(message) : message,
    ...(typeof stack === 'string' && { stack: isMasked ? maskQuotedStack(stack, message) : stack }),
  };
}

/** That of the class where the name says nothing: it is "error" for those of PostgreSQL. Minifiers make short ones. */
function className(error: Error): string {
  const name = attempt(() => error.name);
  const made = attempt(() => error.constructor.name);
  const isTelling = typeof name === 'string' && !/^(?:error)?$/i.test(name);
  if (isTelling) return name;
  if (typeof made === 'string' && /^[A-Z]\w{2,}$/.test(made)) return made;
  return typeof name === 'string' ? name : 'Error';
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function isCode(code: unknown): code is string | number {
  return typeof code === 'number' || (typeof code === 'string' && /^[\w.-]{1,64}$/.test(code));
}
