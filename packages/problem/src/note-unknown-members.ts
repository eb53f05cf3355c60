import { warnOnce } from '@unite/shared';

const known = ['detail', 'instance', 'errors', 'extensions', 'headers', 'cause'];

/** TypeScript refuses them. In JavaScript the answer would go out without them, and nobody would know. */
export function noteUnknownMembers(occurrence: object | undefined): void {
  if (occurrence !== undefined && typeof occurrence !== 'object') drop(`a ${typeof occurrence}`);
  else for (const name in occurrence) if (!known.includes(name)) drop(JSON.stringify(name));
}

/** Not the value, which may be for nobody's eyes: warnings are logged. */
function drop(what: string): void {
  warnOnce(
    'UNITE_PROBLEM_MEMBER_DROPPED',
    `problems.error: ${what} was dropped; an occurrence is an object with ${known.join(', ')}`,
  );
}
