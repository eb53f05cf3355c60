import { describeValue } from '@unite/shared';
import { CacheError } from '../errors';
import { hasHalfCharacters } from '../key/half-characters';

const maxTags = 100;
const maxTagLength = 512;
/** @throws CacheError `UNITE_CACHE_TAG_INVALID` */
export function checkedTags(tags: readonly string[]): readonly string[] {
  if (!Array.isArray(tags)) throw invalid(`tags must be an array of strings, got ${describeValue(tags)}`);
  if (tags.length > maxTags) throw invalid(`there may be ${maxTags} tags, got ${tags.length}`);
  for (const tag of tags) checkTag(tag);
  return tags;
}

/** @throws CacheError `UNITE_CACHE_TAG_INVALID` */
export function checkTag(tag: unknown): void {
  if (typeof tag === 'string' && tag !== '' && tag.length <= maxTagLength) {
    if (!hasHalfCharacters(tag)) return;
    throw invalid(`a tag must be whole characters, got ${JSON.stringify(tag.slice(0, 60))}`);
  }
  const got = typeof tag === 'string' && tag !== '' ? `${tag.length} characters` : describeValue(tag);
  throw invalid(`a tag must be a string of 1 to ${maxTagLength} characters, got ${got}`);
}

function invalid(message: string): CacheError {
  return new CacheError('UNITE_CACHE_TAG_INVALID', message);
}
