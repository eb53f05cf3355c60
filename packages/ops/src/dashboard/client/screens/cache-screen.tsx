import type { CacheScreen as CacheData, Verdict } from '../../screen-types';
import { ShareBar } from '../charts/share-bar';
import { bytes, count, counted, share, shareOf } from '../format/numbers';
import { DataTable } from '../ui/data-table';
import { EmptyState } from '../ui/empty-state';
import { Figures } from '../ui/figures';
import { Panel } from '../ui/panel';
import { VerdictMark } from '../ui/verdict-mark';
import { InvalidateForm } from './invalidate-form';
import { InvalidationPanel } from './invalidation-panel';

const remotes: Readonly<Record<CacheData['state'], readonly [Verdict, string]>> = {
  up: ['ok', 'Remote layer up'],
  down: ['down', 'Remote layer down'],
  none: ['none', 'Memory only'],
};

/** Is it saving loads, and is it fresh? */
export function CacheScreen({ data }: { readonly data: CacheData }) {
  const { state, reads, byLayer, memory, definitions, invalidations, mayInvalidate } = data;
  const [verdict, word] = remotes[state];
  const saved = byLayer.memory + byLayer.remote;
  const layers = [
    ['Memory', byLayer.memory],
    ['Remote', byLayer.remote],
    ['Loaded', byLayer.load],
  ] as const;
  return (
    <div class="stack">
      <Panel title="Reads" aside={<VerdictMark verdict={verdict}>{word}</VerdictMark>}>
        {reads === 0 ? (
          <EmptyState title="Installed, not read yet" />
        ) : (
          <>
            <Figures
              figures={[
                {
                  label: 'Loads saved',
                  value: share(saved, reads),
                  note: `${count(saved)} of ${count(reads)}`,
                },
                ...(memory
                  ? [
                      {
                        label: 'Memory',
                        value: bytes(memory.bytes),
                        note: `${share(memory.bytes, memory.maxBytes)} of ${bytes(memory.maxBytes)}`,
                      },
                      {
                        label: 'Entries',
                        value: count(memory.entries),
                        note: counted(memory.evictions, 'eviction'),
                      },
                    ]
                  : []),
              ]}
            />
            <dl class="shares">
              {layers.map(([layer, part]) => (
                <div key={layer}>
                  <dt>{layer}</dt>
                  <dd>
                    <ShareBar part={part} of={reads} />
                    <span>{shareOf(part, reads)}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </Panel>
      {definitions.length > 0 && <DefinitionPanel definitions={definitions} />}
      {mayInvalidate && <InvalidateForm />}
      {invalidations.length > 0 && <InvalidationPanel invalidations={invalidations} />}
    </div>
  );
}

function DefinitionPanel({ definitions }: Pick<CacheData, 'definitions'>) {
  return (
    <Panel title="By definition" aside={counted(definitions.length, 'definition')}>
      <DataTable
        caption="Reads by definition"
        rows={definitions}
        keyOf={({ name }) => name}
        columns={[
          {
            title: 'Definition',
            sortBy: ({ name }) => name,
            cell: ({ name }) => <span class="route">{name}</span>,
          },
          { title: 'Reads', isNumber: true, sortBy: ({ reads }) => reads, cell: ({ reads }) => count(reads) },
          {
            title: 'Hits',
            isNumber: true,
            hasPriority: true,
            sortBy: ({ hits, reads }) => (reads === 0 ? null : hits / reads),
            cell: ({ hits, reads }) => shareOf(hits, reads),
          },
          { title: 'Loads', isNumber: true, sortBy: ({ loads }) => loads, cell: ({ loads }) => count(loads) },
          {
            title: 'Failed loads',
            isNumber: true,
            sortBy: ({ failures }) => failures,
            cell: ({ failures }) => count(failures),
          },
        ]}
      />
    </Panel>
  );
}
