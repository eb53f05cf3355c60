import type { Metadata } from 'next';
import { audienceSizes } from '@/lib/campaigns/audience-sizes';
import { listCampaigns } from '@/lib/campaigns/list-campaigns';
import { type Role, roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { CampaignForm } from '@/ui/campaigns/campaign-form';
import { CampaignList } from '@/ui/campaigns/campaign-list';
import { Screen } from '@/ui/shell/screen';
import { Skeleton } from '@/ui/skeleton';
import { WhenThere } from '@/ui/when-there';
import styles from './campaigns.module.css';

export const metadata: Metadata = { title: 'Campaigns' };

export default async function CampaignsPage() {
  const session = await signedIn();
  const reads = page(readScreen);
  return (
    <Screen title="Campaigns" summary="What goes out, to whom, and when" reads={reads}>
      <WhenThere reads={reads} placeholder={<Skeleton label="Loading campaigns" heightsPx={[440]} />}>
        {(shown) => <Campaigns shown={shown} role={session.role} />}
      </WhenThere>
    </Screen>
  );
}

async function readScreen() {
  return { ...(await listCampaigns()), sizes: await audienceSizes() };
}

interface CampaignsProps {
  readonly shown: Awaited<ReturnType<typeof readScreen>>;
  readonly role: Role;
}

function Campaigns({ shown: { campaigns, total, sizes }, role }: CampaignsProps) {
  const maySend = roleAllows(role, 'write campaigns');
  return (
    <div className={styles.columns}>
      <section aria-label="All campaigns">
        <CampaignList
          campaigns={campaigns}
          total={total}
          sizes={sizes}
          maySend={maySend}
          maySeeTraces={roleAllows(role, 'read ops')}
        />
      </section>
      <section className={`panel ${styles.form}`} aria-labelledby="new-campaign">
        <h2 id="new-campaign">New campaign</h2>
        {maySend ? (
          <CampaignForm key={campaigns[0]?.id} />
        ) : (
          <p className="muted">Owners and managers create campaigns. You are signed in as a {role}.</p>
        )}
      </section>
    </div>
  );
}
