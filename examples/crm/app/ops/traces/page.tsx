import type { Metadata } from 'next';
import { listTraces } from '@/lib/ops/read-traces';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { BackLink } from '@/ui/back-link';
import { EmptyState } from '@/ui/empty-state';
import { Screen } from '@/ui/shell/screen';
import { TraceList } from '@/ui/traces/trace-list';

export const metadata: Metadata = { title: 'Traces' };

const limit = 50;

export default async function TracesPage() {
  const { role, tenantName } = await signedIn();
  const frame = {
    title: 'Traces',
    summary: `The last ${limit} requests and jobs of ${tenantName} that this process kept. The newest is on top.`,
    back: <BackLink href="/ops">Ops</BackLink>,
  };
  if (!roleAllows(role, 'read ops')) {
    return (
      <Screen {...frame}>
        <EmptyState title={`Owners see traces. You are signed in as a ${role}.`} />
      </Screen>
    );
  }
  const list = await page(() => listTraces(limit));
  return (
    <Screen {...frame}>
      {list.length > 0 ? (
        <TraceList traces={list} />
      ) : (
        <EmptyState title="Nothing yet. Open a screen, then come back." />
      )}
    </Screen>
  );
}
