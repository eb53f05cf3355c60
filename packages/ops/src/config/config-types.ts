import type { UniteCommand, Verifier } from '@unite/core';
import type { BudgetOptions } from '../budget/budget-types';
import type { DeployOptions } from '../deploy/deploy-types';
import type { Drill } from '../drill/drill-types';
import type { LoadOptions } from '../load/load-types';
import type { RulesOptions } from '../rules/rules-types';

/** What `unite.config.ts` exports. */
export interface UniteConfig {
  /** What `unite verify` runs, in this order. */
  readonly verify?: readonly Verifier[] | undefined;
  /** What `unite load` does where the command line says nothing else. */
  readonly load?: Partial<Omit<LoadOptions, 'signal' | 'onProgress'>> | undefined;
  /** What `unite budget` weighs, where the command line names no application. */
  readonly budget?: Omit<BudgetOptions, 'updateBaseline'> | undefined;
  /** What `unite drill` runs, in this order; a function makes them, and what they need, when they are asked for. */
  readonly drills?: readonly Drill[] | (() => readonly Drill[] | Promise<readonly Drill[]>) | undefined;
  /** What `unite rules` writes. */
  readonly rules?: RulesOptions | undefined;
  /** What `unite deploy` does. */
  readonly deploy?: DeployConfig | undefined;
  /** Commands that packages add. */
  readonly commands?: readonly UniteCommand[] | undefined;
}

/** Where releases are deployed to. */
export interface DeployConfig {
  /** By name: `staging`, `production`. */
  readonly environments: Readonly<Record<string, DeployEnvironment>>;
}

/** One place that a release is deployed to. */
export interface DeployEnvironment
  extends Omit<DeployOptions, 'running' | 'dryRun' | 'signal' | 'onProgress'> {
  /** The release is deployed there first, in the same run, and comes here only when it was promoted there. */
  readonly after?: string | undefined;
}

/** A configuration that is made when a command runs: nothing is read or connected before. */
export type UniteConfigFunction = () => UniteConfig | Promise<UniteConfig>;

/** Options of `loadConfig`. */
export interface LoadConfigOptions {
  /** Where to begin looking; the folders above it follow. */
  readonly cwd: string;
  /** The file itself, from `cwd`, instead of looking for one. */
  readonly file?: string | undefined;
  /** Longest time for the file and for the function that it exports, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** A configuration and where it came from. */
export interface LoadedConfig {
  /** Absolute path. */
  readonly file: string;
  readonly config: UniteConfig;
}
