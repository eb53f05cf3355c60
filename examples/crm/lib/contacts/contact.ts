import { z } from 'zod';
import type { CustomField } from '../custom-fields/custom-field-types';
import { customValues } from '../custom-fields/custom-values';
import { isStorable } from '../is-storable';
import { contactStages, minScores } from './contact-types';
import { contactSorts, firstPage, maxPage, maxPageSize, maxQueryLength } from './list-address';

const text = (maxLength: number) =>
  z
    .string({ error: 'Must be text' })
    .trim()
    .max(maxLength, { error: `At most ${maxLength.toLocaleString('en')} characters` })
    .refine(isStorable, { error: 'Must be Unicode without NUL' });

const email = z
  .string({ error: ({ input }) => (input === undefined ? 'Required' : 'Must be text') })
  .trim()
  .min(1, { error: 'Required', abort: true })
  .max(254, { error: 'At most 254 characters', abort: true })
  .regex(z.regexes.email, { error: 'Must look like name@company.com' });

const stage = z.enum(contactStages, { error: `Must be one of ${contactStages.join(', ')}` });

const scoreError = 'Must be a whole number from 0 to 100';
const score = z
  .int({ error: scoreError })
  .min(0, { error: scoreError })
  .max(100, { error: scoreError })
  .nullable();

const newProfile = z.object({
  email,
  name: text(120).default(''),
  company: text(120).default(''),
  jobTitle: text(120).default(''),
  phone: text(40).default(''),
  stage: stage.default('lead'),
  notes: text(2_000).default(''),
  score: score.default(null),
});

/** A person is known by the e-mail address; everything else can follow. */
export const newContact = (fields: readonly CustomField[]) =>
  newProfile.extend({ custom: customValues(fields).default({}) });

export type NewContact = z.output<ReturnType<typeof newContact>>;

const profileChanges = z
  .object({
    email,
    name: text(120),
    company: text(120),
    jobTitle: text(120),
    phone: text(40),
    stage,
    notes: text(2_000),
    score,
    version: z.int({ error: 'Must be a whole number' }).positive(),
  })
  .partial();

/** What is left out stays as it is. */
export const contactChanges = (fields: readonly CustomField[]) =>
  profileChanges.extend({ custom: customValues(fields).optional() });

export type ContactChanges = z.output<ReturnType<typeof contactChanges>>;

const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number({ error: 'Must be a whole number' })
    .int({ error: 'Must be a whole number' })
    .min(min, { error: `Must be at least ${min}` })
    .max(max, { error: `Must be at most ${max}` });

/** The query string of the list, in the API and in the browser's address. */
export const contactQuery = z.object({
  q: text(maxQueryLength).default(''),
  stage: stage.optional(),
  sort: z.enum(contactSorts, { error: `Must be one of ${contactSorts.join(', ')}` }).default(firstPage.sort),
  page: wholeNumber(1, maxPage).default(firstPage.page),
  pageSize: wholeNumber(1, maxPageSize).default(firstPage.pageSize),
});

/** The query string of the hot leads. */
export const hotLeadsQuery = z.object({
  min: z.coerce
    .number()
    .pipe(z.literal(minScores, { error: `Must be one of ${minScores.join(', ')}` }))
    .default(80),
});
