import { describeValue } from '@unite/shared';

/**
 * Value of `Allow` (RFC 9110 §10.2.1). Express and Next.js both answer `HEAD` where there is a `GET`, and
 * `OPTIONS` everywhere.
 */
export function allowedMethods(owner: string, methods: readonly string[]): string {
  if (!Array.isArray(methods)) {
    throw new TypeError(`${owner}: methods must be a list such as ['GET'], got ${describeValue(methods)}`);
  }
  const implied = methods.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS'];
  return [...new Set([...methods, ...implied])].join(', ');
}
