import { clip } from './clip';
import type { FieldError } from './types';
import { pointerTo } from './uri-reference';

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
