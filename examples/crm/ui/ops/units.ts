/** `0.8 ms`, `12 ms`, `1.4 s`, `3 min`. */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000).toLocaleString('en')} min`;
}

/** `0 B`, `12 kB`, `1.4 MB`. */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  if (count < 1_000_000) return `${Math.round(count / 1_000)} kB`;
  return `${(count / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}

/** `23:14:05`, in UTC. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19);
}

/** `18.4`, of `server_version_num`. */
export function postgresVersion(version: number): string {
  return `${Math.floor(version / 10_000)}.${version % 10_000}`;
}
