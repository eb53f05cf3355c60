import { createEventEnvelope } from '@sentry/core';
import type { ErrorEvent } from '../capture/capture-types';
import { bytesOf } from './bytes-of';
import type { QueuedEnvelope } from './envelope-queue';
import { sdkInfo } from './sdk-info';
import type { Destination } from './sentry';
import { sentryEvent } from './sentry-event';

/** An error, ready for the wire. */
export function errorEnvelope(event: ErrorEvent, { dsn, url, isTunnelled }: Destination): QueuedEnvelope {
  const build = () =>
    bytesOf(createEventEnvelope(sentryEvent(event), dsn, { sdk: sdkInfo }, isTunnelled ? url : undefined));
  return { id: event.id, category: 'error', isUrgent: event.level === 'fatal', build };
}
