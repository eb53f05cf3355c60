import type { FieldError } from '../types';
import { pointerTo } from '../uri-reference';
import type { SchemaIssue } from './standard-schema';

/**
 * Issues of a Standard Schema as the `errors` of a problem. The pointer is made from the path's segments, so
 * a key that contains a dot or a slash stays exact.
 *
 * @example
 * throw problems.error('validation', { errors: problemErrors(result.issues) });
 */
export function problemErrors(issues: readonly SchemaIssue[]): FieldError[] {
  return issues.map((issue) => {
    const path = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
    return { field: path.reduce(joined, ''), message: issue.message, pointer: pointerTo(path) };
  });
}

/** `items[0].price`, as people write it. */
function joined(field: string, segment: PropertyKey): string {
  if (typeof segment === 'number') return `${field}[${segment}]`;
  return field === '' ? String(segment) : `${field}.${String(segment)}`;
}
