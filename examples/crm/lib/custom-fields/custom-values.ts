import { z } from 'zod';
import { isStorable } from '../is-storable';
import type { CustomChanges, CustomField, CustomValues } from './custom-field-types';

const maxTextLength = 200;
/** As many fields as the largest plan holds. */
const maxValues = 500;

/** A contact's values as this workspace has defined them: `{ "f_3b9ac1d20e47": "Gold" }`. What is empty is taken away. */
export function customValues(fields: readonly CustomField[]) {
  const schemas = new Map(fields.map((field) => [field.id, schemaOf(field)]));
  return z
    .record(z.string(), z.unknown(), { error: 'Must be an object of values by the id of their field' })
    .refine((given) => Object.keys(given).length <= maxValues, {
      error: `At most ${maxValues} values`,
      abort: true,
    })
    .transform((given, context): CustomChanges => {
      const values: Record<string, string | number | null> = {};
      for (const [id, value] of Object.entries(given)) {
        const result = schemas.get(id)?.safeParse(value);
        if (result?.success) values[id] = result.data;
        else context.addIssue({ code: 'custom', path: [id], message: wrongWith(result?.error) });
      }
      return values;
    });
}

/** Without those that are taken away. */
export function presentValues(changes: CustomChanges): CustomValues {
  return Object.fromEntries(
    Object.entries(changes).flatMap(([id, value]) => (value === null ? [] : [[id, value] as const])),
  );
}

function wrongWith(error: z.ZodError | undefined): string {
  return error ? (error.issues[0]?.message ?? 'Is not valid') : 'This field does not exist any more';
}

/** Forms and files send every value as text. */
function schemaOf(field: CustomField): z.ZodType<string | number | null> {
  return z.preprocess(
    (given) => (typeof given === 'string' && given.trim() === '' ? null : given),
    schemaOfKind(field).nullable(),
  );
}

function schemaOfKind({ kind, options }: CustomField): z.ZodType<string | number> {
  switch (kind) {
    case 'text':
      return z
        .string({ error: 'Must be text' })
        .trim()
        .max(maxTextLength, { error: `At most ${maxTextLength} characters` })
        .refine(isStorable, { error: 'Must be Unicode without NUL' });
    case 'number':
      return z.preprocess(
        (given) => (typeof given === 'string' && decimal.test(given.trim()) ? Number(given) : given),
        z.number({ error: 'Must be a number, such as 12.5' }),
      );
    case 'date':
      return z
        .string({ error: 'Must be a date, such as 2027-01-31' })
        .trim()
        .pipe(z.iso.date({ error: 'Must be a date, such as 2027-01-31' }));
    case 'choice':
      return z
        .string({ error: oneOf(options) })
        .trim()
        .refine((given) => options.includes(given), { error: oneOf(options) });
  }
}

const decimal = /^-?\d{1,15}(\.\d{1,15})?$/;

function oneOf(options: readonly string[]): string {
  const [shown, others] = [options.slice(0, 8), options.length - 8];
  return `Must be one of ${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
