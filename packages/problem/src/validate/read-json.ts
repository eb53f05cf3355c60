import { readText } from '../read-text';
import type { Occurrence } from '../types';
import type { InferOutput, StandardSchema } from './standard-schema';
import { type ValidateOptions, type ValidationProblems, validate } from './validate';

/** Options of {@link readJson}. */
export interface ReadJsonOptions<Slug extends string = 'validation'> extends ValidateOptions<Slug> {
  /** A longer body is answered with 413. @default 1_048_576 */
  readonly maxBytes?: number | undefined;
}

/** What reading a body needs besides: problems that have only a status. */
export interface StatusProblems {
  error(status: number, occurrence: Occurrence): Error;
}

/**
 * The request's JSON body, validated.
 *
 * @throws ProblemError 415 without a JSON media type, 413 when it is too long, 400 when it is no JSON, and
 * `validation` when the schema refuses it
 * @example
 * const contact = await readJson(problems, request, newContact);
 */
export async function readJson<Schema extends StandardSchema, Slug extends string = 'validation'>(
  problems: ValidationProblems<NoInfer<Slug>> & StatusProblems,
  request: Request,
  schema: Schema,
  { maxBytes = 1_048_576, type }: ReadJsonOptions<Slug> = {},
): Promise<InferOutput<Schema>> {
  if (!/^\s*application\/(?:[\w.-]+\+)?json\b/i.test(request.headers.get('content-type') ?? '')) {
    // RFC 9110 §15.5.16: Accept in the answer says what would have been understood.
    throw problems.error(415, {
      detail: 'The request body must be JSON.',
      headers: { Accept: 'application/json' },
    });
  }
  const text = await readText(request, maxBytes);
  if (text === undefined) {
    throw problems.error(413, { detail: `The request body is longer than ${maxBytes} bytes, or broke off.` });
  }
  return validate(problems, schema, parsed(), { type });

  function parsed(): unknown {
    try {
      return JSON.parse(text as string);
    } catch (cause) {
      throw problems.error(400, { detail: 'The request body is not valid JSON.', cause });
    }
  }
}
