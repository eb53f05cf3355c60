import type { CacheScreen } from '../screen-types';
import type { ScreenSources, Viewer } from './screen-source-types';

/** Is it saving loads, and is it fresh? */
export function readCache(sources: ScreenSources, { mayAct }: Viewer): CacheScreen {
  const { cache: watched } = sources.collectors;
  const stats = sources.options.cache?.stats();
  const remote = stats?.remote?.state;
  return {
    state: remote === 'up' || remote === 'down' ? remote : watched.state,
    reads: watched.reads,
    byLayer: { ...watched.byLayer },
    memory: stats && {
      entries: stats.memory.entries,
      bytes: stats.memory.bytes,
      maxBytes: stats.memory.maxBytes,
      evictions: stats.memory.evictions,
    },
    definitions: watched.definitions(),
    invalidations: [...watched.invalidations],
    mayInvalidate: sources.hasActions && mayAct && sources.options.cache !== undefined,
  };
}
