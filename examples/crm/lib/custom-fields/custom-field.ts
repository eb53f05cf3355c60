import { z } from 'zod';
import { isStorable } from '../is-storable';
import { fieldKinds } from './custom-field-types';

const maxOptions = 50;

/** What a column of an import may already mean. */
const takenLabels = ['email', 'name', 'company', 'title', 'phone', 'stage', 'score', 'notes', 'error'];

const line = (maxLength: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? 'Required' : 'Must be text') })
    .trim()
    .min(1, { error: 'Required' })
    .max(maxLength, { error: `At most ${maxLength} characters` })
    .refine(isStorable, { error: 'Must be Unicode without NUL' })
    .refine((text) => !/[\r\n]/.test(text), { error: 'Must be one line' });

/** A choice has options, and nothing else does. */
export const newCustomField = z
  .object({
    label: line(60).refine((label) => !takenLabels.includes(label.toLowerCase()), {
      error: 'Every contact has that already',
    }),
    kind: z.enum(fieldKinds, { error: `Must be one of ${fieldKinds.join(', ')}` }),
    options: z
      .array(line(60), { error: 'Must be a list of texts' })
      .max(maxOptions, { error: `At most ${maxOptions} options` })
      .refine((options) => new Set(options).size === options.length, { error: 'Each option once' })
      .default([]),
  })
  .refine(({ kind, options }) => kind !== 'choice' || options.length > 0, {
    error: 'A choice needs at least one',
    path: ['options'],
  })
  .refine(({ kind, options }) => kind === 'choice' || options.length === 0, {
    error: 'Only a choice has options',
    path: ['options'],
  });

export type NewCustomField = z.output<typeof newCustomField>;
