import { createHash } from 'node:crypto';
import { currentContext } from '@unite/core/context';
import { once } from '@unite/core/once';
import { formatUsd } from '@unite/quota/cost';
import { updateContact } from '../contacts/change-contacts';
import { getContact } from '../contacts/get-contact';
import { requirePermission } from '../current-session';
import { requestFacts } from '../request-facts';
import { cache, quota } from '../unite';
import { askModel, scoringModel } from './ask-model';
import { countUse } from './count-use';
import { liveReasons } from './live-reasons';
import { maxOutputTokens, mostTokensOf, questionAbout } from './prompt';
import { reasonSoFar } from './reason-so-far';
import type { ContactScore } from './score-types';

/**
 * Has a model score a contact, and saves the score. Who asks again about an unchanged contact gets the same answer, and
 * pays nothing; so does who asks while another does.
 *
 * @param onReason hears the reason while the model says it, piece by piece. Not where another process asks it.
 * @throws ProblemError `scoring-failed`, `scoring-not-set-up`; QuotaError when the plan has no tokens left
 */
export async function scoreContact(id: string, onReason?: (text: string) => void): Promise<ContactScore> {
  const { tenantId } = requirePermission('write contacts');
  const contact = await getContact(id);
  let isAsked = false;
  const question: Question = {
    id: contact.id,
    text: questionAbout(contact),
    model: scoringModel(),
    onAsked: () => {
      isAsked = true;
    },
  };
  const stopListening = onReason && liveReasons().listen(speechOf(tenantId, question), onReason);
  try {
    const { value, layer, ageMs } = await scores().getWithReceipt(question);
    if (contact.score !== value.score) await updateContact(contact.id, { score: value.score });
    if (isAsked) return { ...value, from: 'model', ageMs: 0 };
    const charged = { tokens: 0, costUsd: '0.00' };
    if (layer === 'load') return { ...value, from: 'shared', ageMs: 0, charged };
    const from = layer === 'remote' ? 'redis' : 'memory';
    requestFacts()?.cacheReads.push({ name: 'score', from, ageMs, ttlMs: 0 });
    return { ...value, from, ageMs, charged };
  } finally {
    stopListening?.();
  }
}

interface Question {
  readonly id: string;
  /** What the model is told. */
  readonly text: string;
  readonly model: string;
  /** Told when it is this question that goes to the model, and no other that is the same. */
  readonly onAsked: () => void;
}

/**
 * Kept by what the model was told, not by the tag of the contact: that a score is saved changes the contact too, and
 * would clear it at once. An answer that has not come to its end is not kept.
 */
const scores = () =>
  once('crm.cache.score', () =>
    cache.define('score', {
      scope: 'tenant',
      key: keyOf,
      memoryTtlMs: 10 * 60_000,
      remoteTtlMs: 60 * 60_000,
      load: (question: Question) => {
        question.onAsked();
        return chargedScore(question);
      },
    }),
  );

/** Reserves what it may cost at most, asks, and pays what it was. What fails is released. */
async function chargedScore(question: Question): Promise<Omit<ContactScore, 'from' | 'ageMs'>> {
  const { text, model } = question;
  const most = { model, inputTokens: mostTokensOf(text), outputTokens: maxOutputTokens };
  const speech = liveReasons().speak(speechOf(currentContext()?.tenantId ?? '', question));
  try {
    return await quota.reserve({ use: {}, model: most }, async (hold) => {
      let said = '';
      const onAnswer = (json: string) => {
        said = json;
        speech.say(reasonSoFar(json));
      };
      try {
        const { score, reason, ...used } = await askModel(text, { signal: hold.signal, onAnswer });
        const { use, costNanoUsd, isUnpriced } = await hold.commit({ model, ...used });
        const costUsd =
          costNanoUsd === undefined || isUnpriced ? null : formatUsd(costNanoUsd, { maxDigits: 6 });
        return { score, reason, model, charged: { tokens: use.aiTokens ?? 0, costUsd } };
      } catch (error) {
        // Who leaves pays what the model has read and said by then: it is paid for that too.
        if (hold.signal.aborted) await hold.commit({ model, ...(await countUse(text, said)) });
        throw error;
      }
    });
  } finally {
    speech.end();
  }
}

function keyOf({ id, text, model }: Question): readonly string[] {
  return [id, model, createHash('sha256').update(text).digest('base64url')];
}

function speechOf(tenantId: string, question: Question): string {
  return [tenantId, ...keyOf(question)].join(' ');
}
