import type { Verifier } from '@unite/core';
import type { Command } from 'commander';
import { OpsError } from '../errors';
import { chooseVerifiers } from '../verify/choose-verifiers';
import { runVerifiers } from '../verify/run-verifiers';
import { timerMs } from '../verify/timer-ms';
import { formatVerifyReport } from './format-verify-report';
import { parseDuration } from './parse-duration';
import { parseWith } from './parse-with';
import { printableLine } from './printable';
import type { Session } from './session';
import { uncaughtErrors } from './uncaught-errors';
import { UsageError } from './usage-error';

interface VerifyFlags {
  readonly list?: boolean | undefined;
  readonly timeout?: number | undefined;
}

/** Adds `unite verify`. */
export function addVerifyCommand(program: Command, session: Session): void {
  program
    .command('verify')
    .description('prove the set-up from outside, by the verifiers of the configuration')
    .argument('[names...]', 'which verifiers; all without any')
    .option('--list', 'say what would be proven, and run nothing')
    .option('--timeout <ms>', 'longest time for each verifier: 5000, or 5s', parseWith(parseTimeout))
    .action(async (names: readonly string[], flags: VerifyFlags) => {
      session.exitCode = await verify(session, names, flags);
    });
}

async function verify(session: Session, names: readonly string[], flags: VerifyFlags): Promise<number> {
  const { terminal, signal } = session;
  const verifiers = chosenVerifiers(configuredVerifiers(session), names);
  if (flags.list) {
    list(session, verifiers);
    return 0;
  }
  const report = await runVerifiers(verifiers, {
    timeoutMs: flags.timeout,
    signal,
    onBegin: ({ name, about }) => terminal.note(`${name}: ${about}`),
    onNote: (text, { name }) => terminal.note(`${name}: ${text}`),
  });
  const uncaught = await uncaughtErrors(session);
  const passed = report.passed && uncaught.length === 0;
  terminal.print(formatVerifyReport(report, terminal.paint));
  terminal.printJson({ ...report, passed, uncaught });
  return passed ? 0 : 1;
}

const howTo = 'list verifiers in unite.config.ts: export default defineConfig({ verify: [ … ] })';

function configuredVerifiers({ configuration }: Session): readonly Verifier[] {
  const { config, error, isNamed } = configuration;
  if (error?.code === 'UNITE_OPS_CONFIG_NOT_FOUND' && !isNamed) {
    throw new OpsError(error.code, `${error.message}; ${howTo}`, { cause: error });
  }
  if (error) throw error;
  const { verify = [] } = config;
  if (verify.length === 0) throw new UsageError(`there is nothing to verify; ${howTo}`);
  return verify;
}

/** @throws UsageError that names the unknown ones and those that are known */
function chosenVerifiers(verifiers: readonly Verifier[], names: readonly string[]): readonly Verifier[] {
  try {
    return chooseVerifiers(verifiers, names);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function list({ terminal }: Session, verifiers: readonly Verifier[]): void {
  const width = Math.max(...verifiers.map(({ name }) => name.length));
  terminal.print(
    verifiers.map(({ name, about }) => `${name.padEnd(width)}  ${printableLine(about)}`).join('\n'),
  );
  terminal.printJson({ verifiers: verifiers.map(({ name, about }) => ({ name, about })) });
}

/** The contract says milliseconds; a unit is taken as everywhere else. */
function parseTimeout(text: string): number {
  const ms = /^\d+$/.test(text) ? Number(text) : parseDuration(text);
  const demand = timerMs(ms);
  if (demand) throw new TypeError(`It must be ${demand}`);
  return ms;
}
