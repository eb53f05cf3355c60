import { globalSlot } from '../global-slot';

interface Uses {
  users: number;
  isOurs: boolean;
}

/** By client, as caches and stores may have one together. */
const usesOf = globalSlot(Symbol.for('unite.redis-clients.1'), () => new WeakMap<object, Uses>());

/** One user's use of a client. */
export interface ClientUse {
  /** It is opened here, so that the last one that uses it has to close it. */
  open(): void;
  /** Whether it was opened here, and not by its owner. */
  readonly isOurs: boolean;
  /** @returns whether it is to be closed now */
  leave(): boolean;
}

/** Notes that a client is used, whose errors are heard from now on. */
export function useClient(client: { on?(event: 'error', listener: () => void): unknown }): ClientUse {
  let uses = usesOf.get(client);
  if (!uses) {
    uses = { users: 0, isOurs: false };
    usesOf.set(client, uses);
    // Unheard, an error of the connection would end the process; what it means is said by the commands that fail.
    client.on?.('error', () => undefined);
  }
  const shared = uses;
  let isUsed = true;
  shared.users += 1;
  return {
    open() {
      shared.isOurs = true;
    },
    get isOurs() {
      return shared.isOurs;
    },
    leave() {
      if (isUsed) shared.users -= 1;
      isUsed = false;
      if (shared.users > 0 || !shared.isOurs) return false;
      shared.isOurs = false;
      return true;
    },
  };
}
