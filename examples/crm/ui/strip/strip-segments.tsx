'use client';

import { useEffect, useState } from 'react';
import type { RequestSummary } from '@/lib/request-summary';
import { StatusMark } from '../status-mark';
import styles from './request-strip.module.css';

const eventName = 'crm:request';

/** Tells the strip of a request by which the screen went on without loading a page. */
export function tellStrip(request: RequestSummary): void {
  window.dispatchEvent(new CustomEvent(eventName, { detail: request }));
}

/** The parts of the strip: of the request that made the page, or of the last one that changed what it shows. */
export function StripSegments({
  ofPage,
  mayLook,
}: {
  readonly ofPage: RequestSummary;
  /** Whether this person may see the servers and the traces. */
  readonly mayLook: boolean;
}) {
  const [request, setRequest] = useState(ofPage);

  useEffect(() => {
    const listen = (event: Event) => setRequest((event as CustomEvent<RequestSummary>).detail);
    window.addEventListener(eventName, listen);
    return () => window.removeEventListener(eventName, listen);
  }, []);

  const trace = mayLook && request.traceId !== undefined ? `/ops/traces/${request.traceId}` : undefined;
  const { hasFailed, status, tookMs, node, cacheReads, callsLeft, requestId, traceId } = request;
  return (
    <ul className={styles.segments}>
      <li>
        {hasFailed ? (
          <StatusMark shape="cross" tone="critical">
            {status >= 400 ? status : 'Failed'}, {tookMs} ms
          </StatusMark>
        ) : (
          <StatusMark shape="check" tone="ok">
            {status}, {tookMs} ms
          </StatusMark>
        )}
      </li>
      {cacheReads.map((read) => (
        <li key={read.name} title={titleOf(read)}>
          <MaybeLink href={trace}>
            {nameOf(read)}
            {whereFrom(read)}
          </MaybeLink>
        </li>
      ))}
      {node && (
        <li>
          <a href={mayLook ? '/ops/database' : '/health/ready'} title={`The server said: ${node.said}`}>
            {node.name}
          </a>
          {node.detour && ` (${node.detour})`}
        </li>
      )}
      {callsLeft && (
        <li>
          <a href="/usage">
            {callsLeft.remaining.toLocaleString('en')} of {callsLeft.limit.toLocaleString('en')} calls left
          </a>
        </li>
      )}
      {requestId && (
        <li title={requestId}>
          request <code>{requestId.slice(0, 8)}</code>
        </li>
      )}
      {traceId && (
        <li title={traceId}>
          <MaybeLink href={trace}>trace</MaybeLink> <code>{traceId.slice(0, 8)}</code>
        </li>
      )}
    </ul>
  );
}

/** A link for those who may see where it leads. */
function MaybeLink({
  href,
  children,
}: {
  readonly href: string | undefined;
  readonly children: React.ReactNode;
}) {
  return href === undefined ? children : <a href={href}>{children}</a>;
}

type Read = RequestSummary['cacheReads'][number];

function nameOf({ name }: Read): string {
  return name ? `${name.replaceAll('-', ' ')}: ` : '';
}

function whereFrom({ from, ageMs, bypass, redis }: Read): string {
  if (bypass === 'off') return 'database (the cache is off)';
  if (bypass === 'own-change') return 'database (you have just changed something)';
  if (from !== 'database') return `${from}, ${ageOf(ageMs)} old`;
  return redis === 'down' ? 'database (Redis is down)' : 'database';
}

/** `3 s`, `4 min`. */
function ageOf(ms: number): string {
  return ms < 60_000 ? `${Math.floor(ms / 1_000)} s` : `${Math.floor(ms / 60_000)} min`;
}

function titleOf({ from }: Read): string {
  if (from === 'memory') return 'Kept by this process; no server was asked';
  return from === 'redis' ? 'Kept by Redis, for all processes' : 'Read from the database, and kept';
}
