import { readFileSync, statSync } from 'node:fs';
import type { TraceMap } from '@jridgewell/trace-mapping';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { StackFrame } from '../capture/capture-types';
import { MapCache } from './map-cache';
import { originalFrame } from './original-frame';
import { parseMap } from './parse-map';
import type { SourceMaps } from './source-map-types';
import { decodedUrl, inlineMap, sourceMappingUrl } from './source-mapping-url';

// Not by an import: a bundler that follows paths of files would take the whole project along.
const { dirname, isAbsolute, join, posix, resolve } = process.getBuiltinModule('node:path');

/** Options of `localSourceMaps`. */
export interface LocalSourceMapsOptions {
  /** Folders that the maps of scripts of pages were moved to, as `hideSourceMaps` does. @default none */
  readonly directories?: readonly string[] | undefined;
  /** What comes before the path in those folders in the URLs of scripts. @default ['/_next/'] */
  readonly urlPrefixes?: readonly string[] | undefined;
  /** Reads a file; `undefined` where there is none. @default from the disk, regular files alone */
  readonly readFile?: ((path: string) => string | undefined) | undefined;
  /** For maps in memory; four bytes are taken for each character of one. @default 67_108_864 (64 MB) */
  readonly maxBytes?: number | undefined;
}

const texts = expects(
  'an array of non-empty strings',
  (value) => Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== ''),
);

const bytesPerCharacter = 4;

/**
 * Finds original places by the maps of a build on this machine: of a script of the server by its comment
 * `sourceMappingURL`, of one of a page, by its URL, below `directories`. Maps are read when they are needed first; a URL
 * never leads out of the directories.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * startApm({ service, sourceMaps: localSourceMaps({ directories: ['.source-maps'] }) });
 */
export function localSourceMaps(options: LocalSourceMapsOptions = {}): SourceMaps {
  checkOptions('localSourceMaps', options, {
    directories: texts,
    urlPrefixes: texts,
    readFile: optionChecks.function,
    maxBytes: optionChecks.positive,
  });
  const { directories = [], urlPrefixes = ['/_next/'], maxBytes = 64 * 1_024 * 1_024 } = options;
  const maxLength = maxBytes / bytesPerCharacter;
  const readFile = options.readFile ?? ((path: string) => readRegularFile(path, maxLength));
  const cache = new MapCache(maxBytes);

  return {
    resolve(frame) {
      try {
        const map = isMappable(frame) ? cache.get(frame.file, () => load(frame.file)) : undefined;
        return map ? originalFrame(frame, map) : frame;
      } catch {
        // A map whose mappings cannot be decoded.
        return frame;
      }
    },
  };

  function load(file: string): { map: TraceMap; bytes: number } | undefined {
    const found = /^https?:\/\//.test(file) ? mapOfUrl(file) : mapOfFile(file);
    if (!found || found.text.length > maxLength) return undefined;
    const map = parseMap(found.text, found.path.replaceAll('\\', '/'));
    return map && { map, bytes: found.text.length * bytesPerCharacter };
  }

  function mapOfUrl(url: string): FoundMap | undefined {
    const path = pathBelow(url, urlPrefixes);
    if (path === undefined) return undefined;
    return firstMap(directories.map((directory) => join(resolve(directory), `${path}.map`)));
  }

  /** Of a script of the server, whose place comes from a stack of this process. */
  function mapOfFile(path: string): FoundMap | undefined {
    const url = sourceMappingUrl(readFile(path) ?? '')?.url;
    if (url === undefined) return firstMap([`${path}.map`]);
    const inline = inlineMap(url);
    if (inline !== undefined) return { path, text: inline };
    const relative = decodedUrl(url);
    // Another scheme, another host, or anywhere on the disk.
    if (relative === undefined || /^[a-z][a-z0-9+.-]*:/i.test(url) || isAbsolute(relative)) return undefined;
    return firstMap([join(dirname(path), relative)]);
  }

  function firstMap(paths: readonly string[]): FoundMap | undefined {
    for (const path of paths) {
      const text = readFile(path);
      if (text !== undefined) return { path, text };
    }
    return undefined;
  }
}

interface FoundMap {
  readonly path: string;
  readonly text: string;
}

/** Of the application, in a file: those of packages stay as they are. `//` and `\\` begin names of other machines. */
function isMappable({ isInApp, file, line }: StackFrame): boolean {
  if (!isInApp || line < 1) return false;
  return /^https?:\/\//.test(file) || (isAbsolute(file) && !/^(?:\/\/|\\\\)/.test(file));
}

/** The path of a URL behind a prefix, where it has nothing that leads elsewhere. */
function pathBelow(url: string, prefixes: readonly string[]): string | undefined {
  const path = decodedUrl(url.replace(/^https?:\/\/[^/?#]*/, '').replace(/[?#].*$/s, ''));
  const prefix = prefixes.find((one) => path?.includes(one));
  if (path === undefined || prefix === undefined) return undefined;
  const below = path.slice(path.indexOf(prefix) + prefix.length);
  const isPlain =
    !/[\\\0:]/.test(below) && below === posix.normalize(below) && !/^(?:\.\.)?(?:\/|$)/.test(below);
  return isPlain ? below : undefined;
}

/** Opening a pipe would wait, reading a device would not end. */
function readRegularFile(path: string, maxLength: number): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= maxLength ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
