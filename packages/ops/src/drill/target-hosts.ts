import { isIP } from 'node:net';

/** One host that a URL leads to. */
export interface Host {
  /** A name, an address without brackets, or a path. */
  readonly name: string;
  readonly isSocket: boolean;
}

/** Parameters by which drivers of PostgreSQL go somewhere else than the URL's authority says. */
const hostParameters = ['host', 'hostaddr'];

/**
 * The hosts that a target leads to, read so that no client can read another one out of it: what is written must be what
 * is meant. Addresses in other forms than the usual ones (decimal, octal, hexadecimal, short), encoded names, trailing
 * dots, backslashes and second `@` signs are where parsers differ, so they are no targets.
 *
 * @returns what is wrong with it, in words, where it is none
 */
export function hostsOf(target: string): readonly Host[] | string {
  if (/[\s\\\p{C}]/u.test(target)) return 'has blanks, backslashes or control characters in it';
  if (!URL.canParse(target)) return 'is not a URL with one host';
  const url = new URL(target);
  const isPostgres = /^postgres(ql)?:$/.test(url.protocol);
  const elsewhere = isPostgres ? hostParameters.flatMap((name) => url.searchParams.getAll(name)) : [];
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1] ?? '';
  if (authority === '' && elsewhere.length === 0) {
    return url.protocol === 'unix:' && url.pathname.startsWith('/')
      ? [{ name: url.pathname, isSocket: true }]
      : 'names no host';
  }
  const written = authority === '' ? [] : [writtenHost(authority, url)];
  const hosts = [...written, ...elsewhere.map(parameterHost)];
  return hosts.find((host) => typeof host === 'string') ?? hosts.filter((host) => typeof host !== 'string');
}

/** The authority's host, where the text and the parser agree about it. */
function writtenHost(authority: string, { hostname }: URL): Host | string {
  if (authority.split('@').length > 2) return 'has more than one @ before its host';
  const text = authority.slice(authority.indexOf('@') + 1).replace(/:\d*$/, '');
  const host = text.startsWith('[') ? text.slice(1, -1) : text;
  if (text.startsWith('[') ? isIP(host) !== 6 : text.toLowerCase() !== hostname.toLowerCase()) {
    return `(${hostname}) is not written as its usual form`;
  }
  return plainHost(host);
}

/** `?host=/var/run/postgresql` is a socket, `?host=db.example` another server. */
function parameterHost(value: string): Host | string {
  return value.startsWith('/') ? { name: value, isSocket: true } : plainHost(value);
}

function plainHost(name: string): Host | string {
  if (isIP(name)) return { name, isSocket: false };
  if (name.includes(',')) return 'has several hosts; list each as a target of its own';
  // `2130706433` and `0x7f.1` are addresses for some clients, and names for others.
  const isName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name) && !/(^|\.)(\d+|0x[\da-f]*)$/i.test(name);
  return isName ? { name, isSocket: false } : 'has a host that is neither an address nor a plain name';
}
