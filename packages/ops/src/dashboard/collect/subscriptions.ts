import type { Channel } from 'node:diagnostics_channel';
import { openChannel } from '@unite/shared';

/** A message as it comes: whoever publishes it may be of another version. */
export type Message = Readonly<Record<string, unknown>>;

/** What the dashboard listens to, by name, and how it stops. */
export class Subscriptions {
  readonly #ends: (() => void)[] = [];

  /** A plain channel. */
  to(name: string, hear: (message: Message) => void): void {
    const channel: Channel | undefined = openChannel(name);
    const listener = (message: unknown) => {
      try {
        hear(message as Message);
      } catch {
        // An error in a subscriber would end the process: what cannot be read is not shown.
      }
    };
    channel?.subscribe(listener);
    this.#ends.push(() => channel?.unsubscribe(listener));
  }

  /** The end of an operation on a tracing channel. */
  toEndOf(name: string, hear: (message: Message) => void): void {
    this.to(`tracing:${name}:asyncEnd`, hear);
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}
