/**
 * Value of `Allow` (RFC 9110 §10.2.1). Express and Next.js both answer `HEAD` where there is a `GET`, and
 * `OPTIONS` everywhere.
 */
export function allowedMethods(methods: readonly string[]): string {
  const implied = methods.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS'];
  return [...new Set([...methods, ...implied])].join(', ');
}
