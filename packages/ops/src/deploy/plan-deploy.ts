import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { checkDeployOptions } from './check-deploy-options';
import type { CanaryOptions, DeployOptions, ReadinessOptions } from './deploy-types';

type Filled<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };

/** How the releases are compared, with nothing left open. */
export type CanarySettings = Filled<CanaryOptions>;

/** A deployment, with nothing left open. */
export interface DeployPlan extends DeployOptions {
  readonly slots: readonly [string, string];
  readonly scheme: 'http' | 'https';
  readonly release: string;
  readonly deployment: string;
  readonly initial: boolean;
  readonly readiness: Filled<ReadinessOptions>;
  readonly canary: CanarySettings;
  readonly watchMs: number;
  readonly drainMs: number;
  readonly stopMs: number;
  readonly stateDirectory: string;
}

const defaults = {
  readiness: { path: '/health/ready', times: 3, intervalMs: 200, timeoutMs: 60_000 },
  canary: {
    percents: [10, 50],
    stepMs: 5_000,
    minRequests: 50,
    patienceMs: 30_000,
    maxErrorRateRise: 0.01,
    maxClientErrorRateRise: 0.1,
    maxSlowdown: 2,
    minSlowdownMs: 50,
  },
} as const;

/** @throws TypeError that names the option and what it got */
export function planDeploy(options: DeployOptions): DeployPlan {
  checkDeployOptions(options);
  const deployment = randomUUID().slice(0, 8);
  return {
    ...options,
    slots: options.slots ?? ['blue', 'green'],
    scheme: options.scheme ?? 'http',
    release: options.release ?? deployment,
    deployment,
    initial: options.initial ?? false,
    readiness: filled<DeployPlan['readiness']>(defaults.readiness, options.readiness),
    canary: filled<CanarySettings>(defaults.canary, options.canary),
    watchMs: options.watchMs ?? 10_000,
    drainMs: options.drainMs ?? 10_000,
    stopMs: options.stopMs ?? 30_000,
    stateDirectory: resolve(options.stateDirectory ?? '.unite/deploy'),
  };
}

function filled<Settings extends object>(
  settings: Settings,
  given: { readonly [Name in keyof Settings]?: Settings[Name] | undefined } = {},
): Settings {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(said) };
}
