import type { Campaign, CampaignStatus } from '@/lib/campaigns/campaign-types';
import { stageLabels } from '../contacts/stage-labels';
import { EmptyState } from '../empty-state';
import { StatusMark, type StatusMarkProps } from '../status-mark';
import { TimeAgo } from '../time-ago';
import styles from './campaign-list.module.css';

const looks: Readonly<Record<CampaignStatus, Pick<StatusMarkProps, 'shape' | 'tone' | 'children'>>> = {
  draft: { shape: 'dashed', tone: 'muted', children: 'Draft' },
  scheduled: { shape: 'half', tone: 'accent', children: 'Scheduled' },
  sent: { shape: 'check', tone: 'ok', children: 'Sent' },
};

export function CampaignList({
  campaigns,
  total,
}: {
  readonly campaigns: readonly Campaign[];
  readonly total: number;
}) {
  if (campaigns.length === 0) return <EmptyState title="No campaigns yet. The form makes the first one." />;
  return (
    <>
      <ul className={styles.list}>
        {campaigns.map(({ id, name, subject, audience, status, sendAt, createdAt }) => (
          <li key={id} className={styles.row}>
            <div className={styles.what}>
              <p className={styles.name}>{name}</p>
              <p className={styles.subject}>{subject}</p>
            </div>
            <p className={styles.audience}>{audience === 'everyone' ? 'Everyone' : stageLabels[audience]}</p>
            <p className={styles.status}>
              <StatusMark {...looks[status]} />
            </p>
            <p className={styles.when}>
              <TimeAgo at={sendAt ?? createdAt} />
            </p>
          </li>
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
