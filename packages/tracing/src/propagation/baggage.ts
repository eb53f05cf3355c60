import {
  type Baggage,
  type BaggageEntry,
  type Context,
  propagation,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { currentContext } from '@unite/core/context';
import type { BaggageOptions } from './propagation-types';
import type { TraceHeaders } from './trace-headers';

/** W3C Baggage §3.3.2: what every platform passes on. Longer headers are not read at all. */
const maxMembers = 64;
const maxBytes = 8_192;

const tenantKey = 'tenant.id';

/** RFC 9110 §5.6.2, a token: what a key is made of. */
export const baggageKey = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** W3C Baggage §3.3.1.3: printable ASCII without quote, comma, semicolon and backslash. */
const encodedValue = /^[!#-+\--:<-[\]-~]*$/;

/** What of the baggage crosses the border of the process, and to whom. */
export class BaggagePolicy {
  readonly #hosts: readonly string[];
  readonly #keys: ReadonlySet<string>;
  readonly #sendTenant: boolean;

  constructor({ hosts, keys = [tenantKey], sendTenant = true }: BaggageOptions) {
    this.#hosts = hosts.map((host) => host.toLowerCase());
    this.#keys = new Set(keys);
    this.#sendTenant = sendTenant && this.#keys.has(tenantKey);
  }

  /** `base` with the listed members of the header. Over the limits it is ignored whole, a malformed member alone. */
  read(headers: TraceHeaders, base: Context): Context {
    const header = headers.list('baggage');
    if (header === undefined) return base;
    const members = header.split(',');
    if (members.length > maxMembers) {
      headers.reject('baggage');
      return base;
    }
    const parsed = members.filter((member) => member.trim() !== '').map(parseMember);
    if (parsed.includes(undefined)) headers.reject('baggage');
    const allowed = parsed.filter((member) => member !== undefined && this.#keys.has(member.key));
    const entries = allowed.map((member) => [member?.key, { value: member?.value }]);
    if (entries.length === 0) return base;
    const received = propagation.createBaggage(Object.fromEntries(entries) as Record<string, BaggageEntry>);
    return propagation.setBaggage(base, received);
  }

  /** The header for the request whose span is active, or `undefined` where nothing may be sent. */
  write(context: Context): string | undefined {
    if (!this.#allows(targetOf(context))) return undefined;
    let header = '';
    let count = 0;
    for (const [key, value] of this.#members(propagation.getBaggage(context))) {
      const member = `${key}=${value}`;
      const longer = header === '' ? member : `${header},${member}`;
      if (longer.length > maxBytes || count === maxMembers) continue;
      header = longer;
      count += 1;
    }
    return header || undefined;
  }

  /** The tenant of the context goes first, and before one that was received. */
  #members(baggage: Baggage | undefined): Map<string, string> {
    const members = new Map<string, string>();
    const tenantId = this.#sendTenant ? currentContext()?.tenantId : undefined;
    const tenant = tenantId === undefined ? undefined : encoded(tenantId);
    if (tenant !== undefined) members.set(tenantKey, tenant);
    for (const [key, entry] of baggage?.getAllEntries() ?? []) {
      const value = this.#keys.has(key) && !members.has(key) ? encoded(entry.value) : undefined;
      if (value !== undefined) members.set(key, value);
    }
    return members;
  }

  #allows(target: Target | undefined): boolean {
    if (!target) return false;
    const { host, port } = target;
    return this.#hosts.some((pattern) =>
      pattern.startsWith('*.')
        ? matches(pattern.slice(1), (name) => host.length > name.length && host.endsWith(name), port)
        : matches(pattern, (name) => host === name, port),
    );
  }
}

interface Target {
  readonly host: string;
  readonly port: string | undefined;
}

/** A pattern that names a port holds for that port alone. */
function matches(pattern: string, isHost: (name: string) => boolean, port: string | undefined): boolean {
  if (isHost(pattern)) return true;
  const colon = pattern.lastIndexOf(':');
  return colon > 0 && isHost(pattern.slice(0, colon)) && pattern.slice(colon + 1) === port;
}

/**
 * Where the active client span goes: `inject` is not told. Stable names and older ones; a server span's address is our
 * own, and says nothing about where baggage goes.
 */
function targetOf(context: Context): Target | undefined {
  const span = trace.getSpan(context) as Partial<ReadableSpan> | undefined;
  if (span?.kind !== SpanKind.CLIENT || !span.attributes) return undefined;
  const { attributes } = span;
  const url = addressOf(attributes['url.full'] ?? attributes['http.url']);
  const host = attributes['server.address'] ?? attributes['net.peer.name'] ?? url?.host;
  const port = attributes['server.port'] ?? attributes['net.peer.port'] ?? url?.port;
  return typeof host === 'string'
    ? { host: host.toLowerCase(), port: port === undefined ? undefined : String(port) }
    : undefined;
}

function addressOf(url: unknown): Target | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: port || (protocol === 'https:' ? '443' : '80') };
}

/** W3C Baggage §3.3.1: `key=value;properties`; the properties are of no use here. */
function parseMember(member: string): { readonly key: string; readonly value: string } | undefined {
  const [pair = ''] = member.split(';');
  const equals = pair.indexOf('=');
  const key = pair.slice(0, Math.max(equals, 0)).trim();
  const value = pair.slice(equals + 1).trim();
  if (!baggageKey.test(key) || !encodedValue.test(value)) return undefined;
  try {
    return { key, value: decodeURIComponent(value) };
  } catch {
    return undefined;
  }
}

/** Half a surrogate pair cannot be sent. */
function encoded(value: string): string | undefined {
  try {
    return encodeURIComponent(value);
  } catch {
    return undefined;
  }
}
