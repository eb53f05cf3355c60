import type { IgnoredVariables } from './ignored-variables';

/** A number by its variable; `undefined` where it is not set, or not in its range. */
export function numberFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  ignored: IgnoredVariables,
  demand: string,
  holds: (value: number) => boolean,
): number | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && holds(value)) return value;
  ignored.add(name, demand, text);
  return undefined;
}
