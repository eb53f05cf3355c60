import type { Metadata } from 'next';
import { audienceSizes } from '@/lib/campaigns/audience-sizes';
import { listCampaigns } from '@/lib/campaigns/list-campaigns';
import { roleAllows } from '@/lib/roles';
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
  const maySend = roleAllows(session.role, 'write campaigns');
  return (
    <Screen title="Campaigns" summary="What goes out, to whom, and when" reads={reads}>
      <div className={styles.columns}>
        <section aria-label="All campaigns">
          <WhenThere reads={reads} placeholder={<Skeleton label="Loading campaigns" heightsPx={[440]} />}>
            {({ campaigns, total, sizes }) => (
              <CampaignList
                campaigns={campaigns}
                total={total}
                sizes={sizes}
                maySend={maySend}
                maySeeTraces={roleAllows(session.role, 'read ops')}
              />
            )}
          </WhenThere>
        </section>
        <section className={`panel ${styles.form}`} aria-labelledby="new-campaign">
          <h2 id="new-campaign">New campaign</h2>
          {maySend ? (
            <CampaignForm />
          ) : (
            <p className="muted">
              Owners and managers create campaigns. You are signed in as a {session.role}.
            </p>
          )}
        </section>
      </div>
    </Screen>
  );
}

async function readScreen() {
  return { ...(await listCampaigns()), sizes: await audienceSizes() };
}
