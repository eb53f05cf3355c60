import { describeValue } from '@unite/shared';
import type { FieldError } from '../types';
import { problemErrors } from './problem-errors';
import type { InferOutput, StandardSchema } from './standard-schema';

/** A registry that has the problem type which validation throws. */
export interface ValidationProblems<Slug extends string = 'validation'> {
  // A property, not a method: parameters of methods are compared both ways, and any slug would do.
  readonly error: (type: Slug, occurrence: { readonly errors: readonly FieldError[] }) => Error;
}

/** Options of {@link validate}. */
export interface ValidateOptions<Slug extends string = 'validation'> {
  /** Problem type that is thrown. @default 'validation' */
  readonly type?: Slug | undefined;
}

/**
 * The value as the schema gives it back, or a problem that says what is wrong with which field.
 *
 * @throws ProblemError of the type `validation`, and TypeError for what is no schema
 * @example
 * const query = await validate(problems, pageQuery, Object.fromEntries(url.searchParams));
 */
export async function validate<Schema extends StandardSchema, Slug extends string = 'validation'>(
  problems: ValidationProblems<NoInfer<Slug>>,
  schema: Schema,
  value: unknown,
  options: ValidateOptions<Slug> = {},
): Promise<InferOutput<Schema>> {
  if (typeof schema?.['~standard']?.validate !== 'function') {
    throw new TypeError(
      `validate: schema must be a Standard Schema (zod 3.24, valibot 1, arktype 2 or later), got ${describeValue(schema)}`,
    );
  }
  const result = await schema['~standard'].validate(value);
  if (!result.issues) return result.value as InferOutput<Schema>;
  throw problems.error(options.type ?? ('validation' as Slug), { errors: problemErrors(result.issues) });
}
