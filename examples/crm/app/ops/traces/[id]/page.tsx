import type { StoredTrace } from '@unite/tracing/store';
import type { Metadata } from 'next';
import Link from 'next/link';
import { readTrace } from '@/lib/ops/read-traces';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { BackLink } from '@/ui/back-link';
import { EmptyState } from '@/ui/empty-state';
import { Screen } from '@/ui/shell/screen';
import { Skeleton } from '@/ui/skeleton';
import { TraceTree } from '@/ui/traces/trace-tree';
import { WhenThere } from '@/ui/when-there';

export const metadata: Metadata = { title: 'Trace' };

export default async function TracePage({ params }: PageProps<'/ops/traces/[id]'>) {
  const { role } = await signedIn();
  const { id } = await params;
  const back = <BackLink href="/ops/traces">Traces</BackLink>;
  if (!roleAllows(role, 'read ops')) {
    return (
      <Screen title="Trace" back={back}>
        <EmptyState title={`Owners see traces. You are signed in as a ${role}.`} />
      </Screen>
    );
  }
  const reads = page(() => readTrace(id));
  const placeholder = (
    <Screen title="Trace" back={back}>
      <Skeleton label="Waiting for the trace" heightsPx={[360]} />
    </Screen>
  );
  return (
    <WhenThere reads={reads} placeholder={placeholder}>
      {(trace) => <TraceScreen trace={trace} back={back} />}
    </WhenThere>
  );
}

interface TraceScreenProps {
  readonly trace: StoredTrace | undefined;
  readonly back: React.ReactNode;
}

function TraceScreen({ trace, back }: TraceScreenProps) {
  if (!trace) {
    return (
      <Screen title="Trace" back={back}>
        <EmptyState title="This process does not have that trace: it was not kept, has made room for newer ones, or was served by another process.">
          <Link className="button" href="/ops/traces" prefetch={false}>
            See the last ones
          </Link>
        </EmptyState>
      </Screen>
    );
  }
  const [asked] = trace.roots.flatMap(({ links }) => links);
  return (
    <Screen
      title={trace.name}
      summary={
        <>
          Trace <code>{trace.traceId}</code>
          {asked && (
            <>
              , because of{' '}
              <Link href={`/ops/traces/${asked.traceId}`} prefetch={false}>
                another one
              </Link>
            </>
          )}
        </>
      }
      back={back}
    >
      <TraceTree trace={trace} />
    </Screen>
  );
}
