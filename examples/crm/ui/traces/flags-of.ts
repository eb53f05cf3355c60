import type { StoredSpan } from '@unite/tracing/store';

/** What a span says of feature flags: `score-streaming: on`. */
export function flagsOf({ events }: Pick<StoredSpan, 'events'>): readonly string[] {
  return events
    .filter(({ name }) => name === 'feature_flag.evaluation')
    .map(({ attributes }) => {
      const { 'feature_flag.key': key, 'feature_flag.result.variant': variant } = attributes;
      return `${key}: ${variant ?? 'default'}`;
    });
}
