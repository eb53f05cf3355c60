import { createEventEnvelope, type FeedbackEvent as SentryFeedback } from '@sentry/core';
import type { FeedbackEvent, SinkHost } from '../sink-types';
import { bytesOf } from './bytes-of';
import type { QueuedEnvelope } from './envelope-queue';
import { randomId } from './random-id';
import { sdkInfo } from './sdk-info';
import type { Destination } from './sentry';
import { serviceFields } from './service-fields';

/** Sentry cuts what is longer. */
const maxMessageLength = 4_096;

/**
 * What a person said, linked to the error that it is about.
 *
 * @see https://develop.sentry.dev/sdk/telemetry/feedbacks/
 */
export function feedbackEnvelope(
  { message, name, email, eventId, url }: FeedbackEvent,
  { service, clock, redact }: SinkHost,
  destination: Destination,
): QueuedEnvelope {
  const id = randomId();
  const event: SentryFeedback = {
    event_id: id,
    type: 'feedback',
    timestamp: clock.wallMs() / 1_000,
    platform: 'javascript',
    level: 'info',
    ...serviceFields(service),
    contexts: {
      feedback: {
        message: (redact('feedback.message', message) ?? '').slice(0, maxMessageLength),
        source: sdkInfo.name,
        ...(name !== undefined && { name }),
        ...(email !== undefined && { contact_email: email }),
        ...(eventId !== undefined && { associated_event_id: eventId }),
        ...(url !== undefined && { url: redact('feedback.url', url) ?? '' }),
      },
    },
    tags: { service: service.name, ...(service.deployment && { deployment: service.deployment.id }) },
  };
  const tunnel = destination.isTunnelled ? destination.url : undefined;
  const envelope = createEventEnvelope(event, destination.dsn, { sdk: sdkInfo }, tunnel);
  return { id, category: 'feedback', isUrgent: false, build: () => bytesOf(envelope) };
}
