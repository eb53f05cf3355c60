import { checkOptions, expects } from '@unite/shared';
import type { ReadBack } from './verify-types';

/**
 * Reads traces back by Jaeger's query API.
 *
 * @param options.url of the query service, such as `http://localhost:16686`
 * @throws TypeError for a URL that is none
 * @see https://www.jaegertracing.io/docs/latest/apis/
 */
export function jaeger(options: { readonly url: string }): ReadBack {
  checkOptions('jaeger', options, { url: isUrl }, ['url']);
  return async (traceId, signal) => {
    const response = await fetch(new URL(`/api/traces/${traceId}`, options.url), { signal });
    if (response.status === 404) return 0;
    if (!response.ok) throw new Error(`Jaeger answered ${response.status}`);
    const { data } = (await response.json()) as { data?: readonly { spans?: readonly unknown[] }[] };
    return data?.[0]?.spans?.length ?? 0;
  };
}

const isUrl = expects('an absolute URL', (value) => typeof value === 'string' && URL.canParse(value));
