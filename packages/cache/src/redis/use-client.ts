import { globalSlot } from '@unite/shared';

interface Uses {
  layers: number;
  isOurs: boolean;
}

/** By client, as several caches may have one. */
const usesOf = globalSlot(Symbol.for('unite.cache.redis-clients.1'), () => new WeakMap<object, Uses>());

/** One layer's use of a client. */
export interface ClientUse {
  /** A layer opens it, so that the last one that uses it has to close it. */
  open(): void;
  /** Whether a layer has opened it. */
  readonly isOurs: boolean;
  /** @returns whether it is to be closed now */
  leave(): boolean;
}

/** Notes that a layer uses a client, whose errors are heard from now on. */
export function useClient(client: { on?(event: 'error', listener: () => void): unknown }): ClientUse {
  let uses = usesOf.get(client);
  if (!uses) {
    uses = { layers: 0, isOurs: false };
    usesOf.set(client, uses);
    // Unheard, an error of the connection would end the process; what it means is said by the commands that fail.
    client.on?.('error', () => undefined);
  }
  const shared = uses;
  let isUsed = true;
  shared.layers += 1;
  return {
    open() {
      shared.isOurs = true;
    },
    get isOurs() {
      return shared.isOurs;
    },
    leave() {
      if (isUsed) shared.layers -= 1;
      isUsed = false;
      if (shared.layers > 0 || !shared.isOurs) return false;
      shared.isOurs = false;
      return true;
    },
  };
}
