import { checkOptions, describeValue, optionChecks, systemClock, warnOnce } from '@unite/shared';
import { checkIdentity } from '../request/check-identity';
import { requestIdFrom, requestIdHeader } from '../request/request-id';
import type { Clock, Identity } from '../types';
import type { IncomingHeaders } from './with-context';

/** Header that carries the identity from `proxy.ts` to the route. */
const sealedIdentityHeader = 'x-unite-identity';

/** Options of {@link sealedIdentity}. */
export interface SealedIdentityOptions {
  /** The first secret seals, every one opens, so that secrets can be rotated. At least 32 characters each. */
  readonly secrets: readonly string[];
  /**
   * How long a seal holds, in milliseconds: the time from proxy to route.
   * @default 60_000
   */
  readonly ttlMs?: number | undefined;
  /**
   * Whether a well-formed `x-request-id` of the caller is kept.
   * @default true
   */
  readonly acceptRequestId?: boolean | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/** Both ends of the way from `proxy.ts` to the routes. */
export interface SealedIdentity {
  /**
   * For `proxy.ts`: the request's headers with its id and `identity` sealed in. What the client sent under
   * these names is gone.
   */
  seal(request: IncomingHeaders, identity: Identity | null | undefined): Promise<Headers>;
  /** For `withContext` and `pageContext`: the identity that was sealed, or `undefined` for any other request. */
  identify(request: IncomingHeaders): Promise<Identity | undefined>;
}

/**
 * Carries the identity across `proxy.ts`. Next.js runs the proxy apart from the routes, so nothing but
 * headers gets over, and a client can send any header: HMAC-SHA-256 over identity, request id and expiry
 * tells ours from theirs, also on paths that the proxy's matcher leaves out.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * // proxy.ts
 * export async function proxy(request: NextRequest) {
 *   const headers = await sealed.seal(request, await readSession(request));
 *   return NextResponse.next({ request: { headers } });
 * }
 * // lib/unite.ts
 * export const route = compose(withContext({ identify: sealed.identify }));
 */
export function sealedIdentity(options: SealedIdentityOptions): SealedIdentity {
  checkOptions('sealedIdentity', options, checks, ['secrets']);
  const { secrets, ttlMs = 60_000, acceptRequestId = true, clock = systemClock } = options;
  let keys: Promise<HmacKey[]> | undefined;

  return {
    async seal(request, identity) {
      const headers = new Headers(request.headers);
      const requestId = requestIdFrom(headers.get(requestIdHeader), acceptRequestId);
      const claims: Claims = {
        ...checkIdentity('sealedIdentity', identity),
        requestId,
        expiresAtMs: clock.wallMs() + ttlMs,
      };
      const payload = encodeBase64Url(new TextEncoder().encode(JSON.stringify(claims)));
      const [signingKey] = await importedKeys();
      const signature = await crypto.subtle.sign('HMAC', signingKey as HmacKey, signedBytes(payload));
      headers.set(requestIdHeader, requestId);
      headers.set(sealedIdentityHeader, `${payload}.${encodeBase64Url(new Uint8Array(signature))}`);
      return headers;
    },

    async identify(request) {
      const header = request.headers.get(sealedIdentityHeader);
      if (header === null) return undefined;
      const claims = await openedClaims(header);
      if (
        !claims ||
        claims.requestId !== request.headers.get(requestIdHeader) ||
        claims.expiresAtMs <= clock.wallMs()
      ) {
        warnOnce(
          'UNITE_CONTEXT_IDENTITY_REFUSED',
          `A ${sealedIdentityHeader} header was forged, altered, replayed or has expired; the request is anonymous`,
        );
        return undefined;
      }
      return checkIdentity('sealedIdentity', claims);
    },
  };

  async function openedClaims(header: string): Promise<Claims | undefined> {
    const [payload = '', signature = ''] = header.split('.');
    const signatureBytes = decodeBase64Url(signature);
    if (!signatureBytes) return undefined;
    for (const key of await importedKeys()) {
      if (await crypto.subtle.verify('HMAC', key, signatureBytes, signedBytes(payload))) {
        return JSON.parse(new TextDecoder().decode(decodeBase64Url(payload)));
      }
    }
    return undefined;
  }

  function importedKeys(): Promise<HmacKey[]> {
    keys ??= Promise.all(secrets.map(importKey));
    return keys;
  }
}

type HmacKey = Awaited<ReturnType<typeof importKey>>;
type Claims = Identity & { readonly requestId: string; readonly expiresAtMs: number };

const checks = {
  secrets: checkSecrets,
  ttlMs: optionChecks.positive,
  acceptRequestId: optionChecks.boolean,
  clock: optionChecks.object,
};

/** In its own words, since errors are logged: `secrets: process.env.SECRET` is a common mistake. */
function checkSecrets(secrets: unknown): undefined {
  const isLong = (secret: unknown) => typeof secret === 'string' && secret.length >= 32;
  if (Array.isArray(secrets) && secrets.length > 0 && secrets.every(isLong)) return;
  const got = typeof secrets === 'string' ? 'a string' : describeValue(secrets);
  throw new TypeError(
    `sealedIdentity: option "secrets" must be a non-empty list of strings of at least 32 characters, got ${got}`,
  );
}

function importKey(secret: string) {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
    'verify',
  ]);
}

/** The name keeps a signature made with the same secret for another purpose from being taken for ours. */
function signedBytes(payload: string): Uint8Array {
  return new TextEncoder().encode(`${sealedIdentityHeader}:${payload}`);
}

function encodeBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function decodeBase64Url(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
