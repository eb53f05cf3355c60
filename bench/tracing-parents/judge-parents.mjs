import { expectedParents } from './request-work.mjs';

/**
 * Counts spans whose parent is not the one that the program's structure says, of the same request, and spans that are
 * missing. The opening of a connection belongs to whichever request came first, and is only held to its trace.
 *
 * @param {readonly { name: string, id: string | undefined, spanId: string, traceId: string,
 *   parentId: string | undefined }[]} spans
 * @param {number} requests
 */
export function judgeParents(spans, requests) {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const wrong = spans.filter((span) => !isRight(span, byId));
  const names = Object.keys(expectedParents);
  const seen = new Set(spans.map(({ name, id }) => `${name} of ${id}`));
  const missing = names.reduce((sum, name) => sum + countMissing(name, requests, seen), 0);
  const examples = wrong.slice(0, 3).map((span) => {
    const parent = byId.get(span.parentId);
    return `${span.name} of ${span.id} under ${parent ? `${parent.name} of ${parent.id}` : 'nothing'}`;
  });
  return { spans: spans.length, wrong: wrong.length, missing, examples };
}

function isRight(span, byId) {
  const parent = byId.get(span.parentId);
  if (parent && parent.traceId !== span.traceId) return false;
  if (/connect$/.test(span.name)) return parent !== undefined;
  if (!Object.hasOwn(expectedParents, span.name) || span.id === undefined) return false;
  const expected = expectedParents[span.name];
  if (expected === undefined) return span.parentId === undefined;
  return parent?.name === expected && parent.id === span.id;
}

function countMissing(name, requests, seen) {
  return Array.from({ length: requests }).filter((_, id) => !seen.has(`${name} of ${id}`)).length;
}
