import type { NowScreen, Verdict } from '../../screen-types';
import { DataTable } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { VerdictMark } from '../ui/verdict-mark';
import { When } from '../ui/when';

type Findings = NowScreen['findings'];

const verdicts: Readonly<Record<Findings[number]['status'], Verdict>> = {
  passed: 'ok',
  warned: 'warn',
  failed: 'down',
  skipped: 'none',
};

/** What was proven by round trips. */
export function FindingsPanel({ findings }: { readonly findings: Findings }) {
  return (
    <Panel title="Verified" aside="At most a minute old">
      <DataTable
        caption="What verifiers have found"
        rows={findings}
        keyOf={({ verifier, subject }) => `${verifier} ${subject}`}
        columns={[
          {
            title: 'Subject',
            cell: ({ verifier, subject }) => (
              <>
                <span class="muted">{verifier}</span> {subject}
              </>
            ),
          },
          {
            title: 'Result',
            hasPriority: true,
            cell: ({ status }) => (
              <VerdictMark verdict={verdicts[status]}>
                <span class="whole">{status}</span>
              </VerdictMark>
            ),
          },
          { title: 'Seen', cell: seen },
          { title: 'When', isNumber: true, cell: ({ atMs }) => <When atMs={atMs} /> },
        ]}
      />
    </Panel>
  );
}

/** What was seen, and what to do about it: two sentences. */
function seen({ detail, remedy }: Findings[number]): string {
  if (remedy === undefined) return detail;
  return `${detail}${/[.!?]$/.test(detail) ? '' : '.'} ${remedy}`;
}
