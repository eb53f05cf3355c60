import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { TracingOptions } from './types';

/**
 * What every span says of the process that made it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/resource/
 */
export function createResource({
  service,
  attributes,
}: Pick<TracingOptions, 'service' | 'attributes'>): Resource {
  return resourceFromAttributes({
    'service.name': service.name,
    'service.namespace': service.namespace,
    'service.version': service.release,
    'service.instance.id': service.instanceId ?? crypto.randomUUID(),
    'deployment.environment.name': service.environment,
    'deployment.id': service.deployment,
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.distro.name': '@unite/tracing',
    ...(attributes as Parameters<typeof resourceFromAttributes>[0]),
  });
}
