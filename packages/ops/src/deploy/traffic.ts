import { systemClock } from '@unite/shared';
import { OpsError } from '../errors';
import { fullWeight, type Slots, serverOf } from './find-slots';
import type { HaproxyControl } from './haproxy/haproxy-control';
import { isHealthy, type ProxyServer, takesUsers } from './haproxy/proxy-server';

/** Between two looks at the proxy, in milliseconds. */
export const lookMs = 200;

/** Of the old release while the new one is watched. */
const standbyWeight = 1;

/** Both releases at one moment. */
export interface Look {
  readonly canary: ProxyServer;
  readonly running: ProxyServer | undefined;
}

/** Who of the two releases has the users. */
export class Traffic {
  readonly #proxy: HaproxyControl;
  readonly #slots: Slots;

  constructor(proxy: HaproxyControl, slots: Slots) {
    this.#proxy = proxy;
    this.#slots = slots;
  }

  async look(): Promise<Look> {
    const servers = await this.#proxy.servers();
    const { active, idle } = this.#slots;
    return { canary: serverOf(servers, idle.name), running: active && serverOf(servers, active.name) };
  }

  /** Whatever begins to listen in the free slot gets nobody, and its health is checked. */
  closeIdle(): Promise<void> {
    return this.#proxy.change({ server: this.#slots.idle.name, state: 'drain', weight: 0 });
  }

  /** Waits until the proxy sees for itself that the new release is there. */
  async untilHealthy(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const startedMs = performance.now();
    let { canary } = await this.look();
    while (!isHealthy(canary)) {
      if (performance.now() - startedMs >= timeoutMs) {
        throw failed(
          `the new release is ready, and the proxy does not see it: ${canary.status}, ${canary.check}`,
        );
      }
      await systemClock.sleep(lookMs, signal);
      ({ canary } = await this.look());
    }
  }

  /** So many percent of new requests to the new release. */
  share(percent: number): Promise<void> {
    const { active, idle } = this.#slots;
    return this.#proxy.change(
      ...(active ? [{ server: active.name, state: 'ready', weight: fullWeight } as const] : []),
      { server: idle.name, state: 'ready', weight: canaryWeight(percent) },
    );
  }

  /**
   * All to the new release, but one in a hundred: so the proxy by itself moves users to the old one when the new one dies,
   * even in the middle of a request, and whether or not somebody watches.
   */
  async promote(): Promise<void> {
    const { active, idle } = this.#slots;
    await this.#proxy.change({ server: idle.name, state: 'ready', weight: fullWeight });
    if (active) await this.#proxy.change({ server: active.name, state: 'ready', weight: standbyWeight });
  }

  /** No new users for the old release. It keeps those that it has. */
  drain(name: string): Promise<void> {
    return this.#proxy.change({ server: name, state: 'drain' });
  }

  /** All back to the old release. */
  async takeBack(): Promise<void> {
    const { active, idle } = this.#slots;
    if (active) await this.#proxy.change({ server: active.name, state: 'ready', weight: fullWeight });
    await this.#proxy.change({ server: idle.name, state: 'drain', weight: 0 });
  }

  /** Waits until a release has no users any more, at most so long. @returns how many it has left */
  async drained(name: string, drainMs: number): Promise<number> {
    const startedMs = performance.now();
    let left = await this.#sessionsOf(name);
    while (left > 0 && performance.now() - startedMs < drainMs) {
      await systemClock.sleep(lookMs);
      left = await this.#sessionsOf(name);
    }
    return left;
  }

  /** Nobody is there. */
  close(name: string): Promise<void> {
    return this.#proxy.change({ server: name, state: 'maint' });
  }

  async #sessionsOf(name: string): Promise<number> {
    return serverOf(await this.#proxy.servers(), name).sessions;
  }
}

/** @throws OpsError `UNITE_OPS_DEPLOY_FAILED` when the proxy counts one of them out */
export function requireHealth({ canary, running }: Look, { isPromoted }: { isPromoted: boolean }): void {
  if (!isHealthy(canary)) {
    throw failed(`the proxy counts the new release out: ${canary.status}, ${canary.check}`);
  }
  // Afterwards it is only kept.
  if (running && !isPromoted && !takesUsers(running)) {
    throw failed(`the running release is gone in the meantime: ${running.status}, ${running.check}`);
  }
}

/** Beside the running release's 100, and never that: it is how one knows which is which. */
function canaryWeight(percent: number): number {
  const weight = Math.max(1, Math.round((fullWeight * percent) / (100 - percent)));
  return weight === fullWeight ? weight + 1 : weight;
}

function failed(message: string): OpsError {
  return new OpsError('UNITE_OPS_DEPLOY_FAILED', message);
}
