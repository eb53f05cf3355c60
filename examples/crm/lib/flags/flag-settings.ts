import { z } from 'zod';
import { type FlagName, type FlagSettings, flagList } from './flag-list';

const names = Object.keys(flagList) as FlagName[];

const settings = z.partialRecord(
  z.enum(names),
  z.union([z.enum(['on', 'off']), z.strictObject({ on: z.number().min(0).max(1) })]),
);

/** `CRM_FLAGS`: JSON that says which flags are on, off, or on for some of the workspaces. */
export const flagSettings = z
  .string()
  .default('{}')
  .transform((text, context): FlagSettings => {
    const read = settings.safeParse(parsed(text));
    if (read.success) return read.data;
    for (const issue of read.error.issues) context.addIssue({ code: 'custom', message: whatIsWrong(issue) });
    return z.NEVER;
  });

function whatIsWrong(issue: z.core.$ZodIssue): string {
  const flag = issue.path[0]?.toString();
  if (flag !== undefined) return `"${flag}" must be "on", "off" or {"on": a share from 0 to 1}`;
  if (issue.code === 'unrecognized_keys')
    return `"${issue.keys[0]?.slice(0, 64)}" is no flag; there are ${names.join(', ')}`;
  return 'must be a JSON object such as {"score-streaming":"off"}';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
