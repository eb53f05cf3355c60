import type { FieldError } from '@unite/problem';
import { type InferOutput, readJson, type StandardSchema, validate } from '@unite/problem/validate';
import { problems } from './unite';

/** Of every body that is read. */
export const maxBodyBytes = 65_536;

/**
 * The request's JSON body, validated.
 *
 * @throws ProblemError that names each field and, in its detail, the first
 */
export function readBody<Schema extends StandardSchema>(
  request: Request,
  schema: Schema,
  maxBytes: number = maxBodyBytes,
): Promise<InferOutput<Schema>> {
  return readJson<Schema, 'validation'>(withDetail, request, schema, { maxBytes });
}

/**
 * The fields of the request's form, validated.
 *
 * @throws ProblemError as {@link readBody}
 */
export async function readForm<Schema extends StandardSchema>(
  request: Request,
  schema: Schema,
): Promise<InferOutput<Schema>> {
  const form = await request.formData().catch(() => undefined);
  if (!form) throw problems.error(400, { detail: 'The request body is no form.' });
  return validate<Schema, 'validation'>(withDetail, schema, Object.fromEntries(form));
}

/** The request's query string, validated. */
export function readQuery<Schema extends StandardSchema>(
  request: Request,
  schema: Schema,
): Promise<InferOutput<Schema>> {
  return validate<Schema, 'validation'>(
    withDetail,
    schema,
    Object.fromEntries(new URL(request.url).searchParams),
  );
}

/**
 * The request's `Idempotency-Key`, a string in quotes or without.
 *
 * @throws ProblemError for one that is no printable ASCII, or longer than 200 characters
 * @see draft-ietf-httpapi-idempotency-key-header §2.1
 */
export function idempotencyKeyOf(request: Request): string | undefined {
  const text = request.headers.get('idempotency-key')?.trim();
  if (!text) return undefined;
  const [, key] = /^"?([\x21\x23-\x7e]{1,200})"?$/.exec(text) ?? [];
  if (key) return key;
  throw problems.error(400, { detail: 'Idempotency-Key must be 1 to 200 printable characters.' });
}

/** `Email field is required`, for people who read no further than the first line. */
function detailOf([first, ...others]: readonly FieldError[]): string {
  if (!first) return 'The request is not valid';
  const name = sentenceCase(first.field) || 'The body';
  const what = first.message === 'Required' ? 'is required' : `is not valid: ${first.message}`;
  const rest =
    others.length === 0 ? '' : `, and ${others.length} more need${others.length === 1 ? 's' : ''} attention`;
  return `${name}${first.field && ' field'} ${what}${rest}`;
}

const withDetail = {
  error(type: 'validation' | number, occurrence: { readonly errors?: readonly FieldError[] }): Error {
    if (typeof type === 'number') return problems.error(type, occurrence);
    return problems.error(type, { ...occurrence, detail: detailOf(occurrence.errors ?? []) });
  },
};

/** `jobTitle` → `Job title`. */
function sentenceCase(field: string): string {
  const spaced = field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
