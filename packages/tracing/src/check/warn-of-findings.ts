import { warnOnce } from '@unite/shared';
import type { SetUpFinding } from './check-types';

/** Warns of each trouble with its fix, once per process and code. */
export function warnOfFindings(findings: readonly SetUpFinding[]): void {
  for (const { code, status, subject, detail, remedy } of findings) {
    if (status === 'failed' || status === 'warned') {
      warnOnce(code, `${subject}: ${detail}${remedy === undefined ? '' : `. ${remedy}`}`);
    }
  }
}
