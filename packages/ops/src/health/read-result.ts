import { OpsError } from '../errors';
import { groupName } from './group-name';
import type { CheckReport, HealthStatus } from './health-types';
import { isHealthStatus, worstStatus } from './worst-status';

const maxDetailLength = 200;

/** An answer as a report has it, without its age. */
export type CheckAnswer = Pick<CheckReport, 'status' | 'groups' | 'detail'>;

/**
 * What a check answered. Whoever wrote it may have got it wrong, and what is not understood is no `up`.
 *
 * @throws OpsError `UNITE_OPS_CHECK_INVALID`
 */
export function readResult(value: unknown, group: string): CheckAnswer {
  if (value === undefined || value === null) return answer('up', { [group]: 'up' });
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(`answered ${kindOf(value)}`);

  const { status, groups, detail } = value as { status?: unknown; groups?: unknown; detail?: unknown };
  if (status !== undefined && !isHealthStatus(status)) throw invalid('answered an unknown status');
  if (detail !== undefined && typeof detail !== 'string') throw invalid('answered a detail that is no text');
  const known = groups === undefined ? undefined : readGroups(groups);
  const whole = status ?? worstStatus(Object.values(known ?? {}));
  return answer(whole, known ?? { [group]: whole }, detail?.slice(0, maxDetailLength));
}

/** A check that failed, and with it every group that it tells of. Its code is shown alone: a message may name servers. */
export function failedAnswer(error: unknown, groups: Iterable<string>): CheckAnswer {
  return answer('down', Object.fromEntries(Array.from(groups, (name) => [name, 'down'])), detailOf(error));
}

function readGroups(groups: unknown): Readonly<Record<string, HealthStatus>> {
  if (typeof groups !== 'object' || groups === null)
    throw invalid(`answered groups that are ${kindOf(groups)}`);
  for (const [name, status] of Object.entries(groups)) {
    if (!groupName.test(name))
      throw invalid('named a group other than by lower-case letters, digits and hyphens');
    if (!isHealthStatus(status)) throw invalid('answered an unknown status of a group');
  }
  return groups as Readonly<Record<string, HealthStatus>>;
}

function answer(
  status: HealthStatus,
  groups: Readonly<Record<string, HealthStatus>>,
  detail?: string | undefined,
): CheckAnswer {
  return { status, groups, ...(detail && { detail }) };
}

function detailOf(error: unknown): string {
  if (OpsError.isInstance(error)) return error.message;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? `failed: ${code}` : 'failed';
}

/** Never the value itself: the health page is seen by many. */
function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'a text';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

function invalid(what: string): OpsError {
  return new OpsError('UNITE_OPS_CHECK_INVALID', `the check ${what}, which is no result`);
}
