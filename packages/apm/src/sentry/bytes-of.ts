import { type Envelope, serializeEnvelope } from '@sentry/core';

/** An envelope as it goes over the wire. */
export function bytesOf(envelope: Envelope): Uint8Array {
  const serialized = serializeEnvelope(envelope);
  return typeof serialized === 'string' ? new TextEncoder().encode(serialized) : serialized;
}
