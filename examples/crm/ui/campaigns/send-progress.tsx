import type { Campaign } from '@/lib/campaigns/campaign-types';
import styles from './send-progress.module.css';

const count = (amount: number) => amount.toLocaleString('en');

/** How far a campaign is: a bar and the same in words. Nothing of one that has not begun. */
export function SendProgress({ campaign }: { readonly campaign: Campaign }) {
  const { name, status, recipients, delivered, failed, failure } = campaign;
  const hasBegun = status === 'sending' || status === 'sent' || status === 'failed';
  if (!hasBegun) return null;
  const sentence = sentenceOf(campaign);
  return (
    <div className={styles.progress}>
      {status !== 'sent' && recipients !== null && recipients > 0 && (
        <progress
          className={styles.bar}
          aria-label={`Delivered of ${name}`}
          value={delivered + failed}
          max={recipients}
        />
      )}
      {sentence && <p className="meta">{sentence}</p>}
      {failure && <p className={styles.failure}>{failure}</p>}
    </div>
  );
}

function sentenceOf({ status, recipients, delivered, failed }: Campaign): string | undefined {
  if (recipients === null) return status === 'sending' ? 'Finding out who gets it' : undefined;
  const unreached = failed > 0 ? `, ${count(failed)} could not be reached` : '';
  if (status === 'sent' && failed === 0) return `Delivered to ${count(delivered)}`;
  return `${count(delivered)} of ${count(recipients)} delivered${unreached}`;
}
