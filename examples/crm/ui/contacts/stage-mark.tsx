import type { ContactStage } from '@/lib/contacts/contact-types';
import { StatusMark, type StatusMarkProps } from '../status-mark';
import { stageLabels } from './stage-labels';

const looks: Readonly<Record<ContactStage, Pick<StatusMarkProps, 'shape' | 'tone'>>> = {
  lead: { shape: 'dashed', tone: 'muted' },
  contacted: { shape: 'ring', tone: 'accent' },
  qualified: { shape: 'half', tone: 'accent' },
  customer: { shape: 'check', tone: 'ok' },
  lost: { shape: 'cross', tone: 'critical' },
};

/** How far a contact has come. */
export function StageMark({ stage }: { readonly stage: ContactStage }) {
  return <StatusMark {...looks[stage]}>{stageLabels[stage]}</StatusMark>;
}
