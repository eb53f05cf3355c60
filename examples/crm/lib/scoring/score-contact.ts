import { createHash } from 'node:crypto';
import { once } from '@unite/core/once';
import { formatUsd } from '@unite/quota/cost';
import { updateContact } from '../contacts/change-contacts';
import { getContact } from '../contacts/get-contact';
import { requirePermission } from '../current-session';
import { requestFacts } from '../request-facts';
import { cache, quota } from '../unite';
import { askModel, scoringModel } from './ask-model';
import { maxOutputTokens, mostTokensOf, questionAbout } from './prompt';
import type { ContactScore } from './score-types';

/**
 * Has a model score a contact, and saves the score. Who asks again about an unchanged contact gets the same answer, and
 * pays nothing.
 *
 * @throws ProblemError `scoring-failed`, `scoring-not-set-up`; QuotaError when the plan has no tokens left
 */
export async function scoreContact(id: string): Promise<ContactScore> {
  requirePermission('write contacts');
  const contact = await getContact(id);
  const { value, layer, ageMs } = await scores().getWithReceipt({
    id: contact.id,
    question: questionAbout(contact),
    model: scoringModel(),
  });
  if (contact.score !== value.score) await updateContact(contact.id, { score: value.score });
  if (layer === 'load') return { ...value, from: 'model', ageMs: 0 };
  const from = layer === 'remote' ? 'redis' : 'memory';
  requestFacts()?.cacheReads.push({ name: 'score', from, ageMs, ttlMs: 0 });
  return { ...value, from, ageMs, charged: { tokens: 0, costUsd: '0.00' } };
}

interface Question {
  readonly id: string;
  readonly question: string;
  readonly model: string;
}

/**
 * Kept by what the model was told, not by the tag of the contact: that a score is saved changes the contact too, and
 * would clear it at once.
 */
const scores = () =>
  once('crm.cache.score', () =>
    cache.define('score', {
      scope: 'tenant',
      key: ({ id, question, model }: Question) => [
        id,
        model,
        createHash('sha256').update(question).digest('base64url'),
      ],
      memoryTtlMs: 10 * 60_000,
      remoteTtlMs: 60 * 60_000,
      load: ({ question, model }) => chargedScore(question, model),
    }),
  );

/** Reserves what it may cost at most, asks, and pays what it was. What fails is released. */
function chargedScore(question: string, model: string): Promise<Omit<ContactScore, 'from' | 'ageMs'>> {
  const most = { model, inputTokens: mostTokensOf(question), outputTokens: maxOutputTokens };
  return quota.reserve({ use: {}, model: most }, async (hold) => {
    const { score, reason, inputTokens, outputTokens } = await askModel(question, hold.signal);
    const { use, costNanoUsd, isUnpriced } = await hold.commit({ model, inputTokens, outputTokens });
    const costUsd = costNanoUsd === undefined || isUnpriced ? null : formatUsd(costNanoUsd, { maxDigits: 6 });
    return { score, reason, model, charged: { tokens: use.aiTokens ?? 0, costUsd } };
  });
}
