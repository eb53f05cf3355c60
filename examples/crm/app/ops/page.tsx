import type { Metadata } from 'next';
import Link from 'next/link';
import { Suspense } from 'react';
import { env } from '@/lib/env';
import { readClusterReport } from '@/lib/ops/read-cluster-report';
import { readTlsPosture } from '@/lib/ops/read-tls-posture';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { EmptyState } from '@/ui/empty-state';
import { ClusterBoard } from '@/ui/ops/cluster-board';
import { Drills } from '@/ui/ops/drills';
import { TlsPosture } from '@/ui/ops/tls-posture';
import { Screen } from '@/ui/shell/screen';
import { Skeleton } from '@/ui/skeleton';
import { WhenThere } from '@/ui/when-there';

export const metadata: Metadata = { title: 'Ops' };

const summary = 'Who takes writes and who serves reads, as this process sees it.';

export default async function OpsPage() {
  const session = await signedIn();
  if (!roleAllows(session.role, 'read ops')) {
    return (
      <Screen title="Database" summary={summary}>
        <EmptyState title={`Owners see the servers. You are signed in as a ${session.role}.`} />
      </Screen>
    );
  }
  const reads = page(readClusterReport);
  return (
    <Screen
      title="Database"
      summary={summary}
      actions={
        <>
          <Link className="button" href="/ops/apm" prefetch={false}>
            Errors and objectives
          </Link>
          <Link className="button" href="/ops/traces" prefetch={false}>
            Traces
          </Link>
        </>
      }
    >
      <WhenThere
        reads={reads}
        placeholder={<Skeleton label="Asking the servers" heightsPx={[64, 200, 240]} />}
      >
        {(report) => <ClusterBoard first={report} />}
      </WhenThere>
      <Suspense fallback={<p className="muted">Shaking hands with every server…</p>}>
        <Encryption />
      </Suspense>
      {env.isDemo && <Drills />}
    </Screen>
  );
}

/** Comes after the rest: a server that does not answer is waited for. */
async function Encryption() {
  return <TlsPosture posture={await page(readTlsPosture)} />;
}
