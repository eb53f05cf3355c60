import type { Service } from '../sink-types';
import { cleanTagKey, cleanTagValue } from './clean-name';

/** Tags that say something to Datadog, so that no label may bear their names. */
const reservedTagKeys: readonly string[] = [
  'service',
  'env',
  'version',
  'deployment',
  'host',
  'device',
  'source',
];

/**
 * What stands on everything that is sent: `service:crm,env:production,version:1.4.2,deployment:42`.
 *
 * @see https://docs.datadoghq.com/getting_started/tagging/unified_service_tagging
 */
export function serviceTags(service: Service, tags: Readonly<Record<string, string>> = {}): string {
  const { env, version, deployment, ...others } = tags;
  return tagList({
    service: service.name,
    env: service.environment ?? env,
    version: service.release ?? version,
    deployment: service.deployment?.id ?? deployment,
    ...labelTags(others),
  });
}

/** Labels as tags, under names that mean nothing else. */
export function labelTags(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [labelKey(label), value]));
}

/** The key of a label's tag. */
export function labelKey(label: string): string {
  const key = cleanTagKey(label);
  return reservedTagKeys.includes(key) ? `label_${key}` : key;
}

/** Tags as they are written. What is empty is left out: no tag ends in `:`. */
export function tagList(tags: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(tags)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => {
      const cleanKey = cleanTagKey(key);
      return `${cleanKey}:${cleanTagValue(value ?? '', cleanKey)}`;
    })
    .join(',');
}
