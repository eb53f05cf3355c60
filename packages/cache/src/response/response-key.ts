import { createHash } from 'node:crypto';
import type { UniteContext } from '@unite/core';
import type { KeyPart } from '../types';
import { canonicalUrl } from './canonical-url';
import type { IncomingRequest, ResponseScope } from './response-types';

/** Whom a response belongs to. */
export interface Owner {
  /** `null` for everybody. */
  readonly tenantId: string | null;
  /** `null` for all of the tenant. */
  readonly userId: string | null;
}

/** Whom the context's request acts for, as far as the scope tells them apart; as a token what is missing. */
export function ownerOf(scope: ResponseScope, context: UniteContext | undefined): Owner | string {
  const { tenantId = null, userId = null } = context ?? {};
  if (scope === 'global') return { tenantId: null, userId: null };
  if (scope === 'tenant') return tenantId === null ? 'no-tenant' : { tenantId, userId: null };
  return userId === null ? 'no-user' : { tenantId, userId };
}

/**
 * Headers that say where a request came in. Handlers make links and redirects from them, so a response that was made
 * for one host never answers for another, whatever its `Vary` says.
 */
const hostHeaders = ['host', 'x-forwarded-host', 'x-forwarded-proto'];

/**
 * Key of a response: its path, and a digest of all that selects it, the owner above all. The digest keeps what
 * headers and query say (cookies, tokens) out of the names of keys.
 *
 * @param varyNames headers whose values select it, in order; `undefined` for what is known of all its variants
 * @see RFC 9111 §2: the key is at least the target URI; §4.1: and what `Vary` names
 */
export function responseKey(
  owner: Owner,
  request: IncomingRequest,
  varyNames: readonly string[] | undefined,
): readonly KeyPart[] {
  const selected = [
    owner.tenantId,
    owner.userId,
    request.authority.map((part) => part ?? null),
    canonicalUrl(request.url),
    Object.entries(request.params).sort(([one], [other]) => (one < other ? -1 : 1)),
    // RFC 9111 §4.1: a header that is absent matches only one that is absent.
    [...hostHeaders, ...(varyNames ?? [])].map((name) => [name, request.header(name) ?? null]),
    varyNames !== undefined,
  ];
  const digest = createHash('sha256').update(JSON.stringify(selected)).digest('base64url');
  return [pathOf(request.url).slice(0, 200), digest];
}

/** Path of a URL without its query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] as string;
}
