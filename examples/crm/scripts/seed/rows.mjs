import { createRandom } from './random.mjs';
import * as words from './words.mjs';

const dayMs = 86_400_000;

/** A workspace's contacts, the same on every run but for their dates, which end at `nowMs`. */
export function contactsOf(workspace, position, nowMs) {
  const random = createRandom(1_000 + position);
  const scoring = createRandom(3_000 + position);
  const takenEmails = new Set();
  return Array.from({ length: workspace.contacts }, () => {
    const [first, last] = [random.pick(words.firstNames), random.pick(words.lastNames)];
    const company = random.pick(words.companies);
    const createdAtMs = nowMs - Math.floor(random.next() * 540 * dayMs);
    return {
      id: random.uuid(),
      email: freeEmail(takenEmails, `${asciiOf(first)}.${asciiOf(last)}`, `${asciiOf(company)}.example`),
      name: `${first} ${last}`,
      company,
      job_title: random.pick(words.jobTitles),
      // 555-01xx is set aside for fiction.
      phone:
        random.next() < 0.7
          ? `+1 ${200 + random.below(700)} 555 01${String(random.below(100)).padStart(2, '0')}`
          : '',
      stage: random.pickWeighted(words.stageShares),
      notes: random.pick(words.notes),
      // Most have been scored, and few of them high.
      score: scoring.next() < 0.7 ? Math.round(100 * scoring.next() ** 2) : null,
      created_at: new Date(createdAtMs),
      // More than even shares of them were touched lately.
      updated_at: new Date(nowMs - Math.floor(random.next() ** 1.5 * (nowMs - createdAtMs))),
    };
  });
}

/** A workspace's campaigns: older ones sent, the newest still a draft. */
export function campaignsOf(workspace, position, nowMs) {
  const random = createRandom(2_000 + position);
  const audiences = ['everyone', ...words.stageShares.map(([stage]) => stage)];
  return Array.from({ length: workspace.campaigns }, (_, index) => {
    const status = index === 0 ? 'draft' : index === 1 ? 'scheduled' : 'sent';
    const createdAtMs = nowMs - (index * 11 + 1 + random.below(9)) * dayMs;
    const sendAtMs = { draft: undefined, scheduled: nowMs + 3 * dayMs, sent: createdAtMs + 2 * dayMs }[
      status
    ];
    return {
      id: random.uuid(),
      name: words.campaignNames[index],
      subject: words.campaignSubjects[index],
      audience: random.pick(audiences),
      status,
      send_at:
        sendAtMs === undefined
          ? null
          : new Date(Math.min(sendAtMs, status === 'sent' ? nowMs - dayMs / 24 : Infinity)),
      created_at: new Date(createdAtMs),
    };
  });
}

function asciiOf(text) {
  return text
    .toLowerCase()
    .replaceAll('ø', 'o')
    .normalize('NFKD')
    .replace(/[^a-z]/g, '');
}

function freeEmail(taken, localPart, domain) {
  for (let attempt = 1; ; attempt += 1) {
    const email = `${localPart}${attempt === 1 ? '' : attempt}@${domain}`;
    if (taken.has(email)) continue;
    taken.add(email);
    return email;
  }
}
