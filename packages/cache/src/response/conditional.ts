import { createHash } from 'node:crypto';
import type { IncomingRequest, ResponseHead } from './response-types';

/** A strong validator of a body: the same bytes always give the same one (RFC 9110 §8.8.3). */
export function makeEtag(body: Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('base64url')}"`;
}

/**
 * Whether the client has the response already (RFC 9110 §13.2.2): by its `If-None-Match`, and only without one by
 * its `If-Modified-Since`.
 */
export function isNotModified(
  request: Pick<IncomingRequest, 'header'>,
  status: number,
  headers: ResponseHead['headers'],
): boolean {
  if (status < 200 || status > 299) return false; // RFC 9110 §13.2.1
  const ifNoneMatch = request.header('if-none-match');
  if (ifNoneMatch !== undefined) return matchesEtag(ifNoneMatch, headerOf(headers, 'etag'));
  const since = Date.parse(request.header('if-modified-since') ?? '');
  // What is no date compares to nothing (RFC 9110 §13.1.3).
  return Date.parse(headerOf(headers, 'last-modified') ?? '') <= since;
}

/** Weak comparison (RFC 9110 §13.1.2, §8.8.3.2). */
function matchesEtag(ifNoneMatch: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const given = ifNoneMatch.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return given.some((candidate) => opaqueTag(candidate) === opaqueTag(etag));
}

/** Headers that describe a body, which a 304 does not have (RFC 9110 §15.4.5). */
const bodyHeaders = new Set([
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'transfer-encoding',
]);

/** What of a response's headers goes into a 304. */
export function isKeptIn304(name: string): boolean {
  return !bodyHeaders.has(name);
}

/** Value of a header of a response, lists joined. */
export function headerOf(headers: ResponseHead['headers'], name: string): string | undefined {
  const found = headers.filter(([candidate]) => candidate === name).flatMap(([, value]) => value);
  return found.length === 0 ? undefined : found.join(', ');
}

function opaqueTag(etag: string): string {
  return etag.replace(/^W\//, '');
}
