import type { ParsedFieldError } from './parse-problem';

/** The member `errors` as a list, from the shapes that are in use; nothing where there is none to read. */
export function parsedErrors(errors: unknown): { errors: ParsedFieldError[] } | undefined {
  const list = Array.isArray(errors) ? errors.flatMap(fromEntry) : fromFields(errors);
  return list.length > 0 ? { errors: list } : undefined;
}

/** `{ message }` of this package, `{ detail, pointer }` of RFC 9457 §3, a bare string. */
function fromEntry(entry: unknown): ParsedFieldError[] {
  if (typeof entry === 'string') return [{ message: entry }];
  if (typeof entry !== 'object' || entry === null) return [];
  const { message, detail, field, pointer, code } = entry as Record<string, unknown>;
  const text = typeof message === 'string' ? message : detail;
  if (typeof text !== 'string') return [];
  return [
    {
      message: text,
      ...(typeof field === 'string' && { field }),
      ...(typeof pointer === 'string' && { pointer }),
      ...(typeof code === 'string' && { code }),
    },
  ];
}

/** `{ "Email": ["Required"] }` of ASP.NET Core. */
function fromFields(errors: unknown): ParsedFieldError[] {
  if (typeof errors !== 'object' || errors === null) return [];
  return Object.entries(errors).flatMap(([field, messages]) =>
    (Array.isArray(messages) ? messages : [messages])
      .filter((message) => typeof message === 'string')
      .map((message) => ({ message, field })),
  );
}
