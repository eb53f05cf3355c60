/** Where clients of `redis` (in `socket`) and of `ioredis` keep what they connect to. */
interface AddressOptions {
  readonly socket?: AddressOptions | undefined;
  readonly host?: unknown;
  readonly port?: unknown;
  readonly path?: unknown;
  readonly sentinels?: unknown;
}

/**
 * The `host:port`, or the path of the socket, to which a client connects.
 *
 * @returns `undefined` where it does not tell one: clusters, pools, Sentinels, senders of one's own
 */
export function serverAddress(client: object): string | undefined {
  const { options } = client as { options?: AddressOptions | undefined };
  const { host, port = 6379, path, sentinels } = options?.socket ?? options ?? {};
  // Beside Sentinels ioredis keeps a host that it does not use.
  if (sentinels) return undefined;
  if (typeof path === 'string') return path;
  if (typeof host !== 'string') return undefined;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
