import { OpsError } from '../errors';
import type { DeployGate, DeploySlot } from './deploy-types';
import type { DeployPlan } from './plan-deploy';
import { originOf } from './wait-until-ready';

/** The rest is in the verifiers' own report: `unite verify`. */
const mostNamed = 3;

/**
 * Proves the new release and loads it, before any user is sent to it.
 *
 * @throws OpsError `UNITE_OPS_DEPLOY_FAILED` that names what was not proven
 */
export async function runGate(
  slot: DeploySlot,
  { verify, load }: DeployGate,
  scheme: DeployPlan['scheme'],
  signal: AbortSignal,
): Promise<string> {
  const passed = [
    ...(verify ? [await proveIt(slot, verify, signal)] : []),
    ...(load ? [await loadIt(slot, load, scheme, signal)] : []),
  ];
  return passed.join('; ');
}

async function proveIt(
  slot: DeploySlot,
  verify: NonNullable<DeployGate['verify']>,
  signal: AbortSignal,
): Promise<string> {
  // Only who has such a gate pays for it.
  const { runVerifiers } = await import('../verify/run-verifiers');
  const { passed, counts, verifiers } = await runVerifiers(verify(slot), { signal });
  signal.throwIfAborted();
  if (passed) return `${counts.passed} findings passed`;
  const failed = verifiers.flatMap(({ findings }) => findings).filter(({ status }) => status === 'failed');
  const named = failed.slice(0, mostNamed).map(({ subject, detail }) => `${subject}: ${detail}`);
  throw refused(`${failed.length} not proven: ${named.join('; ')}`);
}

async function loadIt(
  slot: DeploySlot,
  load: NonNullable<DeployGate['load']>,
  scheme: DeployPlan['scheme'],
  signal: AbortSignal,
): Promise<string> {
  const { runLoad } = await import('../load/run-load');
  const report = await runLoad({ ...load, target: originOf(slot, scheme), signal });
  signal.throwIfAborted();
  const { total, verdict, kept } = report;
  const figures = `${total.requests} requests, ${total.errors} errors, p95 ${Math.round(total.latency.p95Ms)} ms`;
  if (kept) return figures;
  const missed = verdict.filter((line) => !line.kept).map(({ objective }) => objective);
  throw refused(`the load was not kept: ${[...missed, figures].join(', ')}`);
}

function refused(message: string): OpsError {
  return new OpsError('UNITE_OPS_DEPLOY_FAILED', message);
}
