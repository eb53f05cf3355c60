import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A running `oidc-provider`. */
export interface IdentityProviderProcess {
  readonly issuer: string;
  stop(): Promise<void>;
}

/** What a provider is started with; `configuration` is for `oidc-provider`, as far as JSON can say it. */
export interface IdentityProviderProcessOptions {
  readonly clients: readonly object[];
  readonly accounts?: readonly object[];
  /** How far its clock is ahead of ours. */
  readonly clockOffsetMs?: number;
  readonly configuration?: object;
}

export async function startIdentityProvider(
  options: IdentityProviderProcessOptions,
): Promise<IdentityProviderProcess> {
  const program = join(__dirname, 'run-identity-provider.mjs');
  const child = fork(program, [JSON.stringify(options)], { stdio: 'ignore', execArgv: [] });
  const started = once(child, 'message') as Promise<[{ issuer: string }]>;
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The identity provider ended with ${code}`);
  });
  const [{ issuer }] = await Promise.race([started, ended]);
  ended.catch(() => {});
  return { issuer, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
