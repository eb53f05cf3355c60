import type { UniteConfig } from '../config/config-types';
import type { LoadObjectives, LoadOptions, LoadRequest } from '../load/load-types';
import { UsageError } from './usage-error';

/** What `unite load` was told. */
export interface LoadFlags {
  readonly users?: number | undefined;
  readonly think?: readonly [number, number] | undefined;
  readonly duration?: number | undefined;
  readonly ramp?: number | undefined;
  readonly timeout?: number | undefined;
  readonly header?: Readonly<Record<string, string>> | undefined;
  readonly method?: string | undefined;
  readonly body?: string | undefined;
  readonly seed?: number | undefined;
  readonly slo?: LoadObjectives | undefined;
}

/**
 * The run that the command line asks for, and the configuration where it says nothing: one option replaces one option,
 * one header one header, and one objective one objective.
 *
 * @throws UsageError without a target
 */
export function loadOptions(
  given: string | undefined,
  flags: LoadFlags,
  configured: UniteConfig['load'] = {},
): LoadOptions {
  const target = given ?? configured.target;
  if (target === undefined) {
    throw new UsageError(
      'what to load? Say `unite load http://127.0.0.1:3000/`, or load.target in unite.config.ts',
    );
  }
  return {
    ...configured,
    target,
    ...defined({
      users: flags.users,
      thinkMs: flags.think,
      durationMs: flags.duration,
      rampMs: flags.ramp,
      timeoutMs: flags.timeout,
      seed: flags.seed,
      requests: requestOf(target, flags),
      headers: flags.header && mergeHeaders(configured.headers, flags.header),
      objectives: flags.slo && { ...configured.objectives, ...flags.slo },
    }),
  };
}

/** One request instead of those in the configuration, where its method or body was said. */
function requestOf(target: string, { method, body }: LoadFlags): readonly LoadRequest[] | undefined {
  if (method === undefined && body === undefined) return undefined;
  // Not by the class URL, which would escape {user} and {n}.
  const path = target.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/, '');
  return [
    {
      method: method?.toUpperCase() ?? 'POST',
      path: path.startsWith('/') ? path : `/${path}`,
      ...(body !== undefined && { body }),
    },
  ];
}

/** RFC 9110 §5.1: names of headers are the same in any case. */
function mergeHeaders(
  configured: Readonly<Record<string, string>> = {},
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const replaced = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const kept = Object.entries(configured).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...given };
}

function defined(options: Partial<LoadOptions>): Partial<LoadOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
