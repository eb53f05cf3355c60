import { timingSafeEqual } from 'node:crypto';
import { startTracing } from '@unite/tracing';
import { otlp } from '@unite/tracing/exporters';
import { env } from '../../crm/lib/env';
import { service } from './service';

// Imports no driver: what is loaded before tracing has started is not seen by it.

/** Goes on with the traces of our own programs, which know the key; to anybody else's it only points. */
export const tracing = startTracing({
  service,
  exporters: env.otlpUrl === undefined ? [] : [otlp({ url: env.otlpUrl })],
  sampling: { ratio: env.traceRatio, keepErrors: true, keepSlowerThanMs: 500 },
  propagation: { trustParent: (headers) => isInternalKey(headers.get('x-internal-key')) },
});

/** Whether it is the key of our own programs. */
export function isInternalKey(text: string | null | undefined): boolean {
  if (env.internalKey === undefined || !text) return false;
  const [given, expected] = [Buffer.from(text), Buffer.from(env.internalKey)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
