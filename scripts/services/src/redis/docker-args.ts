import type { RedisSettings } from '../types';

/** How Docker's client is told to run a Redis with these settings, at their port of this machine. */
export function dockerArgs({ port, ...settings }: RedisSettings): string[] {
  const own = Object.entries(settings).flatMap(([name, value]) => [
    `--${name}`,
    // Words as a line of redis.conf has them, where "" is an empty one.
    ...value.split(' ').map((word) => word.replace('""', '')),
  ]);
  // Attached, so that the container ends with its client.
  return ['run', '--rm', '-p', `127.0.0.1:${port}:6379`, 'redis:7-alpine', 'redis-server', ...own];
}
