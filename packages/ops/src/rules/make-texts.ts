import { describeValue } from '@unite/shared';
import { errorLine } from '../describe-error';
import { OpsError } from '../errors';
import { within } from '../verify/within';
import type { RulesFile } from './rules-types';

const timeoutMs = 30_000;
/** Of one file. */
const maxChars = 10_000_000;

/** The text of every file, by its path. @throws OpsError `UNITE_OPS_RULES_UNUSABLE` */
export async function makeTexts(
  files: Readonly<Record<string, RulesFile>>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const [path, make] of Object.entries(files)) texts.set(path, await makeText(path, make, signal));
  return texts;
}

async function makeText(path: string, make: RulesFile, signal: AbortSignal): Promise<string> {
  let text: string;
  try {
    text = textOf(await within(timeoutMs, signal, async () => make()));
  } catch (cause) {
    throw new OpsError('UNITE_OPS_RULES_UNUSABLE', `${path}: ${errorLine(cause)}`, { cause });
  }
  if (text.length <= maxChars) return text;
  throw new OpsError(
    'UNITE_OPS_RULES_UNUSABLE',
    `${path}: it has ${text.length} characters; at most ${maxChars} are written`,
  );
}

function textOf(made: unknown): string {
  if (typeof made === 'string') return made;
  if (typeof made === 'object' && made !== null) return `${JSON.stringify(made, null, 2)}\n`;
  throw new TypeError(`its function must make text or an object, got ${describeValue(made)}`);
}
