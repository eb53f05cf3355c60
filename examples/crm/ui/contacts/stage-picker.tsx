'use client';

import { useSyncExternalStore } from 'react';
import { type ContactStage, contactStages } from '@/lib/contacts/contact-types';
import { Icon } from '../icon';
import { stageLabels } from './stage-labels';
import { StageMark } from './stage-mark';
import styles from './stage-picker.module.css';

interface StagePickerProps {
  readonly stage: ContactStage;
  readonly name: string;
  readonly onPick: (stage: ContactStage) => void;
}

/** Shows the stage as everywhere, and lets it be changed. Until there is script, it only shows. */
export function StagePicker({ stage, name, onPick }: StagePickerProps) {
  const hasScript = useSyncExternalStore(
    subscribeToNothing,
    () => true,
    () => false,
  );
  if (!hasScript) return <StageMark stage={stage} />;
  return (
    <span className={styles.picker}>
      <span aria-hidden="true" className={styles.shown}>
        <StageMark stage={stage} />
        <Icon name="down" />
      </span>
      <select
        aria-label={`Stage of ${name}`}
        value={stage}
        onChange={({ currentTarget }) => onPick(currentTarget.value as ContactStage)}
      >
        {contactStages.map((each) => (
          <option key={each} value={each}>
            {stageLabels[each]}
          </option>
        ))}
      </select>
    </span>
  );
}

const subscribeToNothing = () => () => undefined;
