import type { Clock } from '@unite/core';
import { ClusterNode } from '../src/node/cluster-node';
import { type Settings, settingsOf } from '../src/settings';
import type { ClusterOptions, NodeOptions } from '../src/types';
import { FakeServer, fakeDriver } from './fake-driver';

/** Settings over a manual clock and, unless given, the middle of every random range. */
export function fakeSettings(
  clock: Clock,
  servers: Readonly<Record<string, FakeServer>> = {},
  options: Partial<ClusterOptions> = {},
): Settings {
  return settingsOf({ nodes: [], Pool: fakeDriver(servers), clock, random: () => 0.5, ...options });
}

/** A node of a fake server; the node's name is the server's host. */
export function fakeNode(
  name: string,
  clock: Clock,
  server = new FakeServer(),
  {
    options,
    node,
    look = () => Promise.resolve(),
    verify = () => undefined,
  }: {
    readonly options?: Partial<ClusterOptions>;
    readonly node?: Partial<NodeOptions>;
    readonly look?: () => Promise<unknown>;
    readonly verify?: ConstructorParameters<typeof ClusterNode>[2];
  } = {},
): ClusterNode {
  const settings = fakeSettings(clock, { [name]: server }, options);
  return new ClusterNode({ url: `postgres://${name}/app`, name, ...node }, settings, verify, look);
}
