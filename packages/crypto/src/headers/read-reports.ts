import type { CspReport } from './csp-reports';

/** Of one request; the rest of a longer list is left out. */
const maxReports = 20;
const maxTextLength = 512;

/** The reports of a request; `undefined` for a body that is too long, or of another kind. */
export async function readReports(request: Request, maxBytes: number): Promise<CspReport[] | undefined> {
  const text = await readText(request, maxBytes);
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
    documentUrl: shortened(document),
    blockedUrl: shortened(blocked),
    disposition: disposition === 'report' ? 'report' : 'enforce',
  };
}

/** Without query, fragment and control characters. */
function shortened(value: unknown): string {
  return (typeof value === 'string' ? value : '')
    .slice(0, maxTextLength)
    .replace(/[?#].*$/s, '')
    .replace(/[^\x20-\x7e]/g, '');
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

/** `undefined` as soon as it is too long, or breaks off. */
async function readText({ body }: Request, maxBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > maxBytes) return undefined;
      text += decoder.decode(chunk, { stream: true });
    }
    return text;
  } catch {
    return undefined;
  }
}
