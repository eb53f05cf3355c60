import { CacheError } from '../../src/errors';
import type { RemoteConnection, RemoteLayer } from '../../src/remote-types';

/** A layer that carries out what it is asked, and whose answers to these calls are lost. */
export function loseAnswers(
  layer: RemoteLayer,
  isLost: (name: keyof RemoteConnection, args: readonly unknown[]) => boolean,
): RemoteLayer {
  return {
    open: (namespace) =>
      new Proxy(layer.open(namespace), {
        get(connection, name: keyof RemoteConnection) {
          const call = connection[name] as (...args: unknown[]) => Promise<unknown>;
          return async (...args: unknown[]) => {
            const answer = await call(...args);
            if (!isLost(name, args)) return answer;
            throw new CacheError('UNITE_CACHE_REMOTE_TIMEOUT', 'no answer in time');
          };
        },
      }),
  };
}
