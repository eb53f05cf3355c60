import { globalSlot } from '../global-slot';

interface Uses {
  users: number;
  isOurs: boolean;
  lastError?: unknown;
}

interface Client {
  on?(event: 'error', listener: (error: unknown) => void): unknown;
}

/** By client, as caches and stores may have one together. */
const usesOf = globalSlot(Symbol.for('unite.redis-clients.1'), () => new WeakMap<object, Uses>());

/** One user's use of a client. */
export interface ClientUse {
  /** It is opened here, so that the last one that uses it has to close it. */
  open(): void;
  /** Whether it was opened here, and not by its owner. */
  readonly isOurs: boolean;
  /** What the client said last about its connection. */
  readonly lastError: unknown;
  /** @returns whether it is to be closed now */
  leave(): boolean;
}

/** Notes that a client is used, whose errors are heard from now on. */
export function useClient(client: Client): ClientUse {
  let uses = usesOf.get(client);
  if (!uses) {
    uses = { users: 0, isOurs: false };
    usesOf.set(client, uses);
    hearErrors(client, uses);
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
    get lastError() {
      return shared.lastError;
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

/** Unheard, an error of the connection would end the process; it is said by the commands that fail. */
function hearErrors(client: Client, uses: Uses): void {
  client.on?.('error', (error) => {
    uses.lastError = error;
  });
}
