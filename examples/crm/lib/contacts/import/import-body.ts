import { z } from 'zod';

/** What is imported, and whether only to look at it. */
export const importBody = z.object({
  csv: z.string({ error: ({ input }) => (input === undefined ? 'Required' : 'Must be text') }),
  dryRun: z.boolean({ error: 'Must be true or false' }).default(false),
});

export type ImportBody = z.output<typeof importBody>;
