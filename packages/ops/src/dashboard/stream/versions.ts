import type { StreamFrame } from '../screen-types';
import type { ScreenSources } from '../screens/screen-source-types';

/** Counts up, for each screen, whenever it has something new. Sources that tell nothing are looked at once a frame. */
export class Versions {
  readonly #sources: ScreenSources;
  readonly #newest = { traces: changes(), errors: changes(), releases: changes() };
  #frames = 0;

  constructor(sources: ScreenSources) {
    this.#sources = sources;
  }

  read(): StreamFrame['versions'] {
    const { collectors, options, verifiers } = this.#sources;
    const { traces, errors, releases } = this.#newest;
    const { total } = collectors.requests.ring;
    this.#frames += 1;
    return {
      now: collectors.healthVersion + verifiers.version,
      requests: total,
      traces: traces(options.traces?.traces(1)[0]?.traceId),
      errors: errors(options.errors?.events()[0]?.id),
      slos: total,
      cache: collectors.cache.version,
      quota: collectors.quota.version,
      database: collectors.database.version,
      releases: releases(options.errors?.deployments().length),
      // What runs counts by the second.
      drills: options.drills ? this.#frames : 0,
    };
  }
}

/** How often a value has become another one. */
function changes(): (value: unknown) => number {
  let last: unknown;
  let count = 0;
  return (value) => {
    if (value !== last) count += 1;
    last = value;
    return count;
  };
}
