import type { Metadata } from 'next';
import { planLabel } from '@/lib/plan-labels';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { planOffers } from '@/lib/usage/plan-offers';
import { readUsage } from '@/lib/usage/usage';
import { Screen } from '@/ui/shell/screen';
import { UsageBoard } from '@/ui/usage/usage-board';
import { UsageSkeleton } from '@/ui/usage/usage-skeleton';
import { WhenThere } from '@/ui/when-there';

export const metadata: Metadata = { title: 'Usage' };

export default async function UsagePage() {
  const { plan, tenantName } = await signedIn();
  const reads = page(readUsage);
  return (
    <Screen
      title="Usage"
      summary={`What ${tenantName} uses of its plan, ${planLabel(plan)}. Days and months are those of UTC.`}
      reads={reads}
    >
      <WhenThere reads={reads} placeholder={<UsageSkeleton />}>
        {(usage) => <UsageBoard first={usage} offers={planOffers()} />}
      </WhenThere>
    </Screen>
  );
}
