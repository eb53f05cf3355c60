import { OpsError } from '../errors';
import { readLimited } from './read-limited';

/** One row of `route-bundle-stats.json`, which Next.js writes since 16 and does not document. */
export interface ReportedRoute {
  readonly route: string;
  readonly firstLoadUncompressedJsBytes: number;
  /** From the application's folder. */
  readonly firstLoadChunkPaths: readonly string[];
}

/** What is used of `build-manifest.json`. */
export interface BuildManifest {
  /** Of the Pages Router. */
  readonly pages: Readonly<Record<string, readonly string[]>>;
  /** Of every page of the App Router. */
  readonly rootMainFiles: readonly string[];
}

/** @throws OpsError `UNITE_OPS_BUILD_UNREADABLE` where it is none; `absent` where there is no file, if that may be */
export async function readManifest<Value>(
  file: string,
  holds: (value: unknown) => value is Value,
  absent?: Value,
): Promise<Value> {
  const text = await readLimited(file);
  if (text) return parseAs(file, text, holds);
  if (absent !== undefined) return absent;
  throw unreadable(`${file} is missing. Build again`);
}

/** @throws OpsError `UNITE_OPS_BUILD_UNREADABLE` */
export function parseAs<Value>(file: string, text: Buffer, holds: (value: unknown) => value is Value): Value {
  let value: unknown;
  try {
    value = JSON.parse(text.toString());
  } catch (cause) {
    throw unreadable(`${file} is no JSON. Build again`, cause);
  }
  if (holds(value)) return value;
  throw unreadable(
    `${file} has a form that is not known here: another version of Next.js may have written it`,
  );
}

export function isReport(value: unknown): value is readonly ReportedRoute[] {
  return Array.isArray(value) && value.every(isReportedRoute);
}

function isReportedRoute(value: unknown): boolean {
  const { route, firstLoadUncompressedJsBytes, firstLoadChunkPaths } = Object(
    value,
  ) as Partial<ReportedRoute>;
  return (
    typeof route === 'string' &&
    typeof firstLoadUncompressedJsBytes === 'number' &&
    isTextList(firstLoadChunkPaths)
  );
}

export function isBuildManifest(value: unknown): value is BuildManifest {
  const { pages, rootMainFiles } = Object(value) as Partial<BuildManifest>;
  return isTextList(rootMainFiles) && Object.values(Object(pages)).every(isTextList);
}

export function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return Object.values(Object(value)).every((one) => typeof one === 'string');
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** The one error about builds. */
export function unreadable(message: string, cause?: unknown): OpsError {
  return new OpsError('UNITE_OPS_BUILD_UNREADABLE', message, cause === undefined ? {} : { cause });
}
