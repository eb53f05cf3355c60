'use client';

import type { Campaign, CampaignStatus } from '@/lib/campaigns/campaign-types';
import { stageLabels } from '../contacts/stage-labels';
import { StatusMark, type StatusMarkProps } from '../status-mark';
import { exactTime, TimeAgo } from '../time-ago';
import styles from './campaign-list.module.css';
import { SendCampaign } from './send-campaign';
import { SendProgress } from './send-progress';
import { useCampaign } from './use-campaign';

const looks: Readonly<Record<CampaignStatus, Pick<StatusMarkProps, 'shape' | 'tone' | 'children'>>> = {
  draft: { shape: 'dashed', tone: 'muted', children: 'Draft' },
  scheduled: { shape: 'ring', tone: 'accent', children: 'Scheduled' },
  sending: { shape: 'half', tone: 'accent', children: 'Sending' },
  sent: { shape: 'check', tone: 'ok', children: 'Sent' },
  failed: { shape: 'cross', tone: 'critical', children: 'Failed' },
};

/** One campaign, what has become of it, and what can be done about it. */
export function CampaignRow({
  first,
  audienceSize,
  maySend,
  maySeeTraces,
}: {
  readonly first: Campaign;
  /** How many contacts would get it now. */
  readonly audienceSize: number;
  readonly maySend: boolean;
  readonly maySeeTraces: boolean;
}) {
  const [campaign, setCampaign] = useCampaign(first);
  const { name, subject, audience, status, sendAt, createdAt, traceId } = campaign;
  const isWaiting = status === 'draft' || status === 'scheduled' || status === 'failed';
  return (
    <li className={styles.row}>
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
      <div className={styles.more}>
        {status === 'scheduled' && sendAt && <p className="meta">Goes out {exactTime(sendAt)} UTC</p>}
        <SendProgress campaign={campaign} />
        <div className={styles.actions}>
          {maySeeTraces && traceId && (
            <a className="button button-quiet" href={`/ops/traces/${traceId}`}>
              Trace<span className="hidden-visually"> of {name}</span>
            </a>
          )}
          {maySend && isWaiting && (
            <SendCampaign campaign={campaign} audienceSize={audienceSize} onStarted={setCampaign} />
          )}
        </div>
      </div>
    </li>
  );
}
