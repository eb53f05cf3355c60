import type { Event } from '@sentry/core';
import type { Service } from '../sink-types';

/** Sentry refuses a longer one. https://develop.sentry.dev/sdk/data-model/event-payloads/ */
const maxDistLength = 64;

/** What runs, on whatever is sent. */
export function serviceFields({
  release,
  environment,
  instanceId,
  deployment,
}: Service): Pick<Event, 'release' | 'environment' | 'dist' | 'server_name'> {
  return {
    ...(release !== undefined && { release }),
    ...(environment !== undefined && { environment }),
    ...(instanceId !== undefined && { server_name: instanceId }),
    ...(deployment && { dist: deployment.id.slice(0, maxDistLength) }),
  };
}
