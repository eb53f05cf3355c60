import { z } from 'zod';
import { type FlagName, type FlagSettings, flagList } from './flag-list';

const names = Object.keys(flagList) as FlagName[];
const example = '{"score-streaming":"off"}';

const setting = z.union([z.enum(['on', 'off']), z.strictObject({ on: z.number().min(0).max(1) })], {
  error: 'must be "on", "off" or {"on": a share from 0 to 1}',
});

const settings = z.partialRecord(z.enum(names), setting, {
  error: ({ code }) => (code === 'invalid_key' ? `is no flag; there are ${names.join(', ')}` : undefined),
});

/** `CRM_FLAGS`: JSON that says which flags are on, off, or on for some of the workspaces. */
export const flagSettings = z
  .string()
  .default('{}')
  .transform((text, context): FlagSettings => {
    const read = settings.safeParse(parsed(text));
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues) {
      const flag = path[0]?.toString().slice(0, 64);
      const wrong = flag === undefined ? `must be a JSON object such as ${example}` : `"${flag}" ${message}`;
      context.addIssue({ code: 'custom', message: wrong });
    }
    return z.NEVER;
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
