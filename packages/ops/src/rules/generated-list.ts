import { OpsError } from '../errors';
import { readGenerated } from './generated-file';
import { isRelativePath } from './is-relative-path';

/** Names what was generated, so that what is made no more is known from what people have put beside it. */
export const listName = 'generated.json';

/** The list of these files. */
export function listText(texts: ReadonlyMap<string, string>): string {
  return `${JSON.stringify({ files: [...texts.keys()].sort() }, null, 2)}\n`;
}

/** What an earlier run has made. @throws OpsError `UNITE_OPS_RULES_UNUSABLE` for a list that is none */
export async function readList(out: string): Promise<readonly string[]> {
  const text = await readGenerated(out, listName);
  if (text === undefined) return [];
  const files = filesOf(text);
  if (Array.isArray(files) && files.every((path) => typeof path === 'string' && isRelativePath(path))) {
    return files;
  }
  throw new OpsError(
    'UNITE_OPS_RULES_UNUSABLE',
    `${listName} in ${out} must be what unite rules writes; remove it, and whatever is made no more`,
  );
}

function filesOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { files?: unknown } | null)?.files;
  } catch {
    return undefined;
  }
}
