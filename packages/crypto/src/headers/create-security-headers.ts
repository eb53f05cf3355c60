import { checkOptions, expects, optionChecks } from '@unite/shared';
import { ContentPolicy, checkCsp } from './content-policy';
import type { HstsOptions, SecurityHeaders, SecurityHeadersOptions } from './headers-types';
import { checkPermissions, permissionsPolicy } from './permissions-policy';

/** 144 bits: a CSP nonce must have 128 (CSP3 §7.1). A multiple of three, so that base64 needs no padding. */
const nonceBytes = 18;

/**
 * The headers that tell browsers what a site's pages may do: a strict content policy by nonce, https only, no
 * framing, no guessing of types, nothing for other sites. Runs wherever WebCrypto does, edge runtimes too.
 *
 * @throws TypeError for an option that is unknown or malformed, such as a source that would end its directive
 * @example
 * export const securityHeaders = createSecurityHeaders({ csp: { reportTo: '/api/csp-reports' } });
 */
export function createSecurityHeaders(options: SecurityHeadersOptions = {}): SecurityHeaders {
  checkOptions('createSecurityHeaders', options, checks);
  const { csp = {}, hsts = {} } = options;
  const content = csp === false ? undefined : new ContentPolicy(csp);
  const fixed = { ...fixedHeaders(options), ...content?.fixedHeaders };
  const transport = hsts === false ? undefined : { always: hsts.always === true, value: hstsOf(hsts) };

  return {
    create({ isSecure = false } = {}) {
      const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(nonceBytes))));
      const policy = content?.policy(nonce, isSecure);
      return {
        nonce,
        policy,
        headers: {
          ...fixed,
          ...(content && policy !== undefined && { [content.headerName]: policy }),
          // Over http it means nothing (RFC 6797 §7.2).
          ...(transport &&
            (isSecure || transport.always) && { 'Strict-Transport-Security': transport.value }),
        },
      };
    },
  };
}

function fixedHeaders(options: SecurityHeadersOptions): Record<string, string> {
  const { referrerPolicy = 'strict-origin-when-cross-origin', permissions = {} } = options;
  const { openerPolicy = 'same-origin', resourcePolicy = 'same-origin', embedderPolicy = false } = options;
  return {
    'X-Content-Type-Options': 'nosniff',
    ...(referrerPolicy && { 'Referrer-Policy': referrerPolicy }),
    ...(permissions && { 'Permissions-Policy': permissionsPolicy(permissions) }),
    ...(openerPolicy && { 'Cross-Origin-Opener-Policy': openerPolicy }),
    ...(resourcePolicy && { 'Cross-Origin-Resource-Policy': resourcePolicy }),
    ...(embedderPolicy && { 'Cross-Origin-Embedder-Policy': embedderPolicy }),
  };
}

/** RFC 6797 §6.1. */
function hstsOf({ maxAgeSeconds = 63_072_000, includeSubDomains = true, preload }: HstsOptions): string {
  return [`max-age=${maxAgeSeconds}`, includeSubDomains && 'includeSubDomains', preload && 'preload']
    .filter(Boolean)
    .join('; ');
}

const hstsChecks = {
  maxAgeSeconds: expects(
    'a whole number that is not negative',
    (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  ),
  includeSubDomains: optionChecks.boolean,
  preload: optionChecks.boolean,
  always: optionChecks.boolean,
};

const checks = {
  csp: orFalse((value) => checkCsp(value)),
  hsts: orFalse((value) => {
    checkOptions('createSecurityHeaders: hsts', value, hstsChecks);
    checkPreload(value as HstsOptions);
  }),
  referrerPolicy: oneOf('no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'),
  permissions: orFalse((value) => checkPermissions(value)),
  openerPolicy: oneOf('same-origin', 'same-origin-allow-popups', 'unsafe-none'),
  resourcePolicy: oneOf('same-origin', 'same-site', 'cross-origin'),
  embedderPolicy: oneOf('require-corp', 'credentialless'),
};

/** What the list demands; it takes no other (hstspreload.org). */
function checkPreload({ preload, includeSubDomains = true, maxAgeSeconds = 63_072_000 }: HstsOptions): void {
  if (preload && !(includeSubDomains && maxAgeSeconds >= 31_536_000)) {
    throw new TypeError(
      'createSecurityHeaders: hsts: option "preload" needs "includeSubDomains", and "maxAgeSeconds" of a year',
    );
  }
}

/** A check that throws for itself, as it knows more. */
function orFalse(check: (value: unknown) => void) {
  return (value: unknown) => {
    if (value !== false) check(value);
    return undefined;
  };
}

function oneOf(...values: string[]) {
  const demand = `${values.map((value) => `'${value}'`).join(', ')} or false`;
  return expects(demand, (value) => value === false || values.includes(value as string));
}
