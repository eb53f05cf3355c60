import { AnyMap, type TraceMap } from '@jridgewell/trace-mapping';

/** Lines of what is mapped: a list is made for each. */
const maxLines = 2_000_000;
const maxSections = 100_000;
const maxDepth = 4;

/**
 * A map, also one of sections, as bundlers make them of maps; `undefined` where it is none, or would take much more memory
 * than it is long.
 *
 * @see ECMA-426, Source Map Format
 */
export function parseMap(text: string, path: string): TraceMap | undefined {
  try {
    // RFC 8259 §8.1 allows no mark of byte order; servers put `)]}'` before maps against being run as scripts.
    const map: unknown = JSON.parse(text.replace(/^\uFEFF?(?:\)\]\}'[^\n]*\n)?/, ''));
    return isMap(map, 0) ? new AnyMap(map as ConstructorParameters<typeof AnyMap>[0], path) : undefined;
  } catch {
    return undefined;
  }
}

interface MapLike {
  readonly version?: unknown;
  readonly mappings?: unknown;
  readonly sources?: unknown;
  readonly sections?: unknown;
}

function isMap(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return false;
  const { version, mappings, sources, sections } = value as MapLike;
  if (version !== 3) return false;
  if (sections === undefined) return isMappings(mappings) && isSources(sources);
  return (
    Array.isArray(sections) &&
    sections.length <= maxSections &&
    sections.every((section) => isSection(section, depth))
  );
}

function isSection(
  section: { offset?: { line?: unknown; column?: unknown }; map?: unknown },
  depth: number,
): boolean {
  return isOffset(section.offset?.line) && isOffset(section.offset?.column) && isMap(section.map, depth + 1);
}

function isOffset(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= maxLines;
}

function isSources(sources: unknown): boolean {
  return Array.isArray(sources) && sources.every((source) => source === null || typeof source === 'string');
}

function isMappings(mappings: unknown): boolean {
  if (typeof mappings !== 'string') return false;
  let lines = 0;
  let at = mappings.indexOf(';');
  while (at >= 0 && lines <= maxLines) {
    lines += 1;
    at = mappings.indexOf(';', at + 1);
  }
  return lines <= maxLines;
}
