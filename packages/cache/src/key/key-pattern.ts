import { escapePart } from './key-text';

/**
 * Text as a literal part of a pattern for `clearPattern`, whatever it contains.
 *
 * @example
 * await cache.clearPattern(`contacts:acme:${escapePattern(search)}:*`);
 */
export function escapePattern(text: string): string {
  return escapePart(text);
}

/** Whether a key's text matches a pattern: `*` stands for anything, and the types at the end need not be named. */
export function keyMatcher(pattern: string): (key: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (key) => key === first || key.startsWith(`${first}~`);
  return (key) => matches(key) || matches(key.slice(0, key.lastIndexOf('~')));

  /** Each part as early as it can be, which takes time that grows with the key alone. */
  function matches(key: string): boolean {
    if (!key.startsWith(first)) return false;
    let at = first.length;
    for (const literal of rest) {
      const found = key.indexOf(literal, at);
      if (found < 0) return false;
      at = found + literal.length;
    }
    return key.endsWith(last as string) && key.length - (last as string).length >= at;
  }
}

/** The same as a glob of Redis, which may match more. */
export function redisGlob(pattern: string): string {
  return `${pattern
    .split('*')
    .map((literal) => literal.replace(/[\\?[\]^-]/g, '\\$&'))
    .join('*')}*`;
}
