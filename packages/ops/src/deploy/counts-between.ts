import type { ReleaseCounts } from './deploy-types';
import type { ProxyServer } from './haproxy/proxy-server';
import { meanSince } from './mean-since';

/** What a server did between two looks at the proxy's counters. */
export function countsBetween(before: ProxyServer, now: ProxyServer): ReleaseCounts {
  const since = (name: 'sent' | 'answered' | 'serverErrors' | 'clientErrors' | 'broken' | 'cutOff'): number =>
    Math.max(0, now[name] - before[name]);
  // Where a server closes a kept connection instead of answering, HAProxy counts no error: what was handed over, was not
  // answered and is not under way any more has failed. Streams are under way after their answer, so it is a lower bound.
  const unanswered = Math.max(since('broken'), since('sent') - since('answered') - now.sessions, 0);
  const requests = since('answered') + unanswered;
  return {
    requests,
    failed: Math.min(requests, since('serverErrors') + since('cutOff') + unanswered),
    clientErrors: since('clientErrors'),
    ...meanSince(
      { meanMs: before.recentMeanMs, count: before.answered },
      { meanMs: now.recentMeanMs, count: now.answered },
    ),
  };
}
