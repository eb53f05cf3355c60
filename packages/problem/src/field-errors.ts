import { encodeText } from './clean-problem';
import { clip } from './clip';
import type { FieldError } from './types';

/** Most errors that one document lists; a form with more is read from the top anyway. */
const maxErrors = 100;

/** The errors as they are sent: bounded, each with its pointer; `undefined` where there are none. */
export function fieldErrors(errors: unknown): { errors: FieldError[]; errorsOmitted?: number } | undefined {
  if (!Array.isArray(errors) || !errors[0]) return undefined;
  const errorsOmitted = errors.length - maxErrors;
  return { errors: errors.slice(0, maxErrors).map(fieldError), ...(errorsOmitted > 0 && { errorsOmitted }) };
}

function fieldError(error: Partial<FieldError> | null): FieldError {
  const field = clip(error?.field, 200) ?? '';
  const code = clip(error?.code, 100);
  return {
    field,
    message: clip(error?.message, 500) ?? '',
    pointer: clip(error?.pointer) ?? pointerTo(field.split(/[.[\]]+/).filter(Boolean)),
    ...(code && { code }),
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
  return `#${path.map((segment) => `/${encodeText(String(segment).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
}
