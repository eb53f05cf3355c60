import type { AudienceSizes } from '@/lib/campaigns/audience-sizes';
import type { Campaign } from '@/lib/campaigns/campaign-types';
import { EmptyState } from '../empty-state';
import styles from './campaign-list.module.css';
import { CampaignRow } from './campaign-row';

export function CampaignList({
  campaigns,
  total,
  sizes,
  maySend,
  maySeeTraces,
}: {
  readonly campaigns: readonly Campaign[];
  readonly total: number;
  readonly sizes: AudienceSizes;
  readonly maySend: boolean;
  readonly maySeeTraces: boolean;
}) {
  if (campaigns.length === 0) {
    return (
      <EmptyState title="No campaigns yet.">
        {maySend && (
          <a className="button" href="#new-campaign">
            Make the first one
          </a>
        )}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={styles.list}>
        {campaigns.map((campaign) => (
          // What the server says anew counts for more than what the row has heard.
          <CampaignRow
            key={`${campaign.id} ${campaign.status}`}
            first={campaign}
            audienceSize={sizes[campaign.audience]}
            maySend={maySend}
            maySeeTraces={maySeeTraces}
          />
        ))}
      </ul>
      {total > campaigns.length && (
        <p className="meta">
          The newest {campaigns.length} of {total.toLocaleString('en')}
        </p>
      )}
    </>
  );
}
