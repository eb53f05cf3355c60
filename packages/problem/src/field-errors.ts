import { clip } from './clip';
import type { FieldError } from './types';

/** Most errors that one document lists; a form with more is read from the top anyway. */
export const maxErrors = 100;

/** The errors as they are sent: bounded, each with its pointer; `undefined` where there are none. */
export function fieldErrors(errors: unknown): { errors: FieldError[]; errorsOmitted?: number } | undefined {
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  const kept = errors.slice(0, maxErrors).map(fieldError);
  return errors.length > maxErrors
    ? { errors: kept, errorsOmitted: errors.length - maxErrors }
    : { errors: kept };
}

function fieldError(error: FieldError): FieldError {
  const field = clip(error?.field, 200) ?? '';
  return {
    field,
    message: clip(error?.message, 500) ?? 'Invalid',
    pointer: clip(error?.pointer, 2_000) ?? pointerTo(field.split(/[.[\]]+/).filter(Boolean)),
    ...(typeof error?.code === 'string' && { code: clip(error.code, 100) }),
  };
}

/**
 * JSON Pointer in its URI fragment form: `~` and `/` escaped (RFC 6901 §3), then percent-encoded as
 * UTF-8 (§6). The whole document is `#`.
 *
 * @example
 * pointerTo(['address', 'post/code']) // '#/address/post~1code'
 */
export function pointerTo(path: readonly PropertyKey[]): string {
  return `#${path.map((segment) => `/${encodeSegment(String(segment))}`).join('')}`;
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(
    segment
      // A lone surrogate has no UTF-8 form and would make encodeURIComponent throw.
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .replaceAll('~', '~0')
      .replaceAll('/', '~1'),
  );
}
