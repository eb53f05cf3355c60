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
  const literals = pattern.split('*').map((literal) => literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const matcher = new RegExp(`^${literals.join('[^]*')}(?:~[^]*)?$`);
  return (key) => matcher.test(key);
}

/** The same as a glob of Redis, which may match more. */
export function redisGlob(pattern: string): string {
  return `${pattern
    .split('*')
    .map((literal) => literal.replace(/[\\?[\]^-]/g, '\\$&'))
    .join('*')}*`;
}
