import { type CacheRead, cacheReadsFrom } from './cache/cache-read';
import { type CallsLeft, callsLeftFrom } from './usage/calls-left-from';

/** What a request touched, as the strip at the foot tells it. */
export interface RequestSummary {
  readonly hasFailed: boolean;
  readonly status: number;
  readonly tookMs: number;
  readonly requestId: string;
  /** Absent where the request is not traced. */
  readonly traceId?: string | undefined;
  /** Absent where no server of the database was asked. */
  readonly node?: { readonly name: string; readonly said: string; readonly detour?: string | undefined };
  /** Absent where there is no limit, or it is not known. */
  readonly callsLeft?: CallsLeft | undefined;
  readonly cacheReads: readonly Pick<CacheRead, 'name' | 'from' | 'ageMs' | 'bypass' | 'redis'>[];
}

/** The same from an answer of the API, for what the browser asks without loading a page. */
export function summaryOf({ status, headers }: Response, tookMs: number): RequestSummary {
  const [, name, role, port, detour] =
    /^(\S+); role=(\w+); port=(\w+)(?:; detour="([^"]*)")?$/.exec(headers.get('x-database-node') ?? '') ?? [];
  return {
    hasFailed: status >= 400,
    status,
    tookMs: Math.round(tookMs),
    requestId: headers.get('x-request-id') ?? '',
    traceId: headers.get('traceresponse')?.split('-')[1],
    callsLeft: callsLeftFrom(headers),
    cacheReads: cacheReadsFrom(headers),
    ...(name && { node: { name, said: `${role}, port ${port}`, detour } }),
  };
}
