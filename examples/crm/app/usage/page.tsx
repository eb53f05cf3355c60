import type { Metadata } from 'next';
import { Suspense } from 'react';
import { planLabel } from '@/lib/plan-labels';
import { signedIn } from '@/lib/signed-in';
import { soon } from '@/lib/soon';
import { page } from '@/lib/unite';
import { planOffers } from '@/lib/usage/plan-offers';
import { readUsage } from '@/lib/usage/usage';
import { Screen } from '@/ui/shell/screen';
import { UsageBoard } from '@/ui/usage/usage-board';
import { UsageSkeleton } from '@/ui/usage/usage-skeleton';

export const metadata: Metadata = { title: 'Usage' };

export default async function UsagePage() {
  const { plan, tenantName } = await signedIn();
  const reads = page(readUsage);
  await soon(reads);
  return (
    <Screen
      title="Usage"
      summary={`What ${tenantName} uses of its plan, ${planLabel(plan)}. Days and months are those of UTC.`}
      reads={reads}
    >
      <Suspense fallback={<UsageSkeleton />}>
        <Usage reads={reads} />
      </Suspense>
    </Screen>
  );
}

async function Usage({ reads }: { readonly reads: ReturnType<typeof readUsage> }) {
  return <UsageBoard first={await reads} offers={planOffers()} />;
}
