import type { CspReport } from './csp-reports';

/** Of one request; the rest of a longer list is left out. */
const maxReports = 20;
const maxTextLength = 512;

/** How much of a body is read, and for how long. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly maxMs: number;
}

/** The reports of a request; `undefined` for a body that is too long, does not end, or is of another kind. */
export async function readReports(request: Request, limits: BodyLimits): Promise<CspReport[] | undefined> {
  const text = await readText(request, limits);
  const body = text && parse(text);
  if (!body) return undefined;
  return Array.isArray(body) ? body.slice(0, maxReports).flatMap(newReport) : oldReport(body);
}

/** `application/reports+json`: a list of reports of all kinds (Reporting API §2). */
function newReport(entry: unknown): CspReport[] {
  const { type, url, body } = recordOf(entry);
  if (type !== 'csp-violation') return [];
  const { effectiveDirective, documentURL, blockedURL, disposition } = recordOf(body);
  return [reportOf(effectiveDirective, documentURL ?? url, blockedURL, disposition)];
}

/** `application/csp-report`: one (CSP3 §5.3). */
function oldReport(body: unknown): CspReport[] | undefined {
  const report = recordOf(body)['csp-report'];
  if (typeof report !== 'object' || report === null) return undefined;
  const fields = recordOf(report);
  const directive = fields['effective-directive'] ?? fields['violated-directive'];
  return [reportOf(directive, fields['document-uri'], fields['blocked-uri'], fields.disposition)];
}

function reportOf(directive: unknown, document: unknown, blocked: unknown, disposition: unknown): CspReport {
  return {
    directive: shortened(directive),
    documentUrl: placeOf(document),
    blockedUrl: placeOf(blocked),
    disposition: disposition === 'report' ? 'report' : 'enforce',
  };
}

/** Without userinfo, query and fragment (CSP3 §5.4). What is no URL is a word. */
function placeOf(value: unknown): string {
  const text = printable(value);
  if (!URL.canParse(text)) return shortened(text.replace(/[^\w-].*$/, ''));
  const { protocol, host, pathname } = new URL(text);
  return shortened(host === '' ? protocol : `${protocol}//${host}${pathname}`);
}

function shortened(value: unknown): string {
  return printable(value).slice(0, maxTextLength);
}

function printable(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[^\x20-\x7e]/g, '') : '';
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `undefined` as soon as it is too long or too late, or breaks off. */
async function readText({ body }: Request, { maxBytes, maxMs }: BodyLimits): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    const inTime = body?.pipeThrough(new TransformStream(), { signal: AbortSignal.timeout(maxMs) });
    for await (const chunk of (inTime ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > maxBytes) return undefined;
      text += decoder.decode(chunk, { stream: true });
    }
    return text;
  } catch {
    return undefined;
  }
}
