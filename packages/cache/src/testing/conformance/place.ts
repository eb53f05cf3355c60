import { randomUUID } from 'node:crypto';
import type { LogMark, RemoteConnection, RemoteLayer, SyncReply, SyncRequest } from '../../remote-types';
import { demand } from './demand';
import type { RemoteLayerCheck } from './types';

/** For how long the checks' own entries and names count, in milliseconds. */
export const longMs = 60_000;

/** A namespace in which nobody was before, and two processes in it. */
export class Place {
  readonly namespace: string;
  readonly a: RemoteConnection;
  readonly b: RemoteConnection;
  readonly #open: () => RemoteLayer;
  readonly #connections: RemoteConnection[] = [];

  constructor(open: () => RemoteLayer) {
    this.#open = open;
    this.namespace = `check-${randomUUID()}`;
    this.a = this.connect();
    this.b = this.connect();
  }

  /** One more process, here or in another namespace. */
  connect(namespace = this.namespace): RemoteConnection {
    const connection = this.#open().open(namespace);
    this.#connections.push(connection);
    return connection;
  }

  /** Tidies up as far as the layer allows. */
  async leave(): Promise<void> {
    for (const connection of this.#connections) {
      await connection.deleteMatching('*', Number.MAX_SAFE_INTEGER).catch(ignore);
      await connection.dropLog().catch(ignore);
      await connection.close().catch(ignore);
    }
  }
}

/** Makes a check of what is to be done in a place. */
export function check(
  name: string,
  summary: string,
  play: (place: Place) => Promise<void>,
): RemoteLayerCheck {
  return {
    name,
    summary,
    async run(open) {
      const place = new Place(open);
      try {
        await play(place);
      } finally {
        await place.leave();
      }
    },
  };
}

/** Adds an invalidation that is not held back. */
export async function append(
  connection: RemoteConnection,
  names: readonly string[],
  more: Partial<Parameters<RemoteConnection['append']>[0]> = {},
): Promise<{ readonly mark: LogMark; readonly names: readonly string[] }> {
  const { mark, names: all } = await connection.append({ names, retainMs: longMs, ...more });
  demand(mark !== undefined, `append(${names.join(', ')}) gave no mark`);
  return { mark: mark as LogMark, names: all };
}

/** Reads the log. */
export function sync(connection: RemoteConnection, request: Partial<SyncRequest> = {}): Promise<SyncReply> {
  return connection.sync({ names: [], touch: false, ...request });
}

function ignore(): void {}
