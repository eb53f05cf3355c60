import { z } from 'zod';
import { isStorable } from '../is-storable';
import { audiences } from './campaign-types';

const line = (maxLength: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? 'Required' : 'Must be text') })
    .trim()
    .min(1, { error: 'Required' })
    .max(maxLength, { error: `At most ${maxLength} characters` })
    .refine(isStorable, { error: 'Must be Unicode without NUL' });

const dayMs = 86_400_000;

/** A campaign without a time to send at is a draft. */
export const newCampaign = z.object({
  name: line(120),
  subject: line(150),
  audience: z.enum(audiences, { error: `Must be one of ${audiences.join(', ')}` }),
  sendAt: z.iso
    .datetime({ offset: true, error: 'Must be a date and time, such as 2027-01-31T09:00:00Z' })
    .transform((text) => new Date(text))
    .refine((date) => date.getTime() > Date.now(), { error: 'Must be in the future' })
    .refine((date) => date.getTime() < Date.now() + 366 * dayMs, { error: 'At most a year ahead' })
    .nullish(),
});

export type NewCampaign = z.output<typeof newCampaign>;
