import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import type { CspOptions } from './headers-types';

/** Stands where the nonce of each response goes; no source may have it, for the parenthesis. */
const noncePlace = "'nonce-()'";
/** Name of the endpoint in `Reporting-Endpoints`. */
const endpoint = 'csp';

const defaults: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  // Else `script-src` would stand for it, which knows no hosts.
  'worker-src': ["'self'", 'blob:'],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
};

/** A content policy, written but for the nonce. */
export class ContentPolicy {
  readonly headerName: 'Content-Security-Policy' | 'Content-Security-Policy-Report-Only';
  /** What goes with it, the same for each response. */
  readonly fixedHeaders: Readonly<Record<string, string>>;
  readonly #template: readonly string[];
  readonly #isBlocking: boolean;

  constructor(options: CspOptions) {
    const { reportOnly = false, reportTo, frameAncestors = [] } = options;
    this.#isBlocking = !reportOnly;
    this.headerName = reportOnly ? 'Content-Security-Policy-Report-Only' : 'Content-Security-Policy';
    this.#template = directivesOf(options).join('; ').split(noncePlace);
    const frameOptions = frameOptionsOf(frameAncestors);
    this.fixedHeaders = {
      ...(frameOptions && !reportOnly && { 'X-Frame-Options': frameOptions }),
      ...(reportTo !== undefined && { 'Reporting-Endpoints': `${endpoint}="${reportTo}"` }),
    };
  }

  policy(nonce: string, isSecure: boolean): string {
    const policy = this.#template.join(`'nonce-${nonce}'`);
    // Where there is no https, as on a developer's machine, it would break the page; in a report it means nothing.
    return isSecure && this.#isBlocking ? `${policy}; upgrade-insecure-requests` : policy;
  }
}

/** After "Strict CSP" (CSP3 §8.2, web.dev/strict-csp): by nonce, not by lists of hosts, which are found to be bypassed. */
function directivesOf({
  directives = {},
  scriptSources = [],
  strictDynamic = true,
  frameAncestors = [],
  trustedTypes = false,
  reportTo,
}: CspOptions): string[] {
  const scripts = [noncePlace, ...(strictDynamic ? ["'strict-dynamic'"] : [])];
  const { 'script-src': ownScripts, 'script-src-elem': scriptElements, ...own } = directives;
  const all: Readonly<Record<string, readonly string[] | false>> = {
    ...defaults,
    ...own,
    'script-src': [...scripts, ...(ownScripts || []), ...scriptSources],
    // It stands in for `script-src` where a page loads scripts.
    ...(scriptElements && { 'script-src-elem': [...scripts, ...scriptElements] }),
    'frame-ancestors': frameAncestors.length > 0 ? frameAncestors : ["'none'"],
  };
  const written = Object.entries(all).flatMap(([name, sources]) =>
    sources === false ? [] : [[name, ...withStyleNonce(name, sources)].join(' ')],
  );
  if (trustedTypes !== false) written.push("require-trusted-types-for 'script'");
  if (Array.isArray(trustedTypes)) written.push(`trusted-types ${trustedTypes.join(' ')}`);
  // Firefox and Safari read the older one (CSP3 §6.5).
  if (reportTo !== undefined) written.push(`report-uri ${reportTo}`, `report-to ${endpoint}`);
  return written;
}

/** A nonce would turn `'unsafe-inline'` off, and nothing stands beside `'none'`. */
function withStyleNonce(name: string, sources: readonly string[]): readonly string[] {
  const isStyle = name === 'style-src' || name === 'style-src-elem';
  return isStyle && !sources.some((source) => /^'(unsafe-inline|none)'$/i.test(source))
    ? [...sources, noncePlace]
    : sources;
}

/** It knows nobody and oneself; `undefined` where more is meant (RFC 7034 §2.1). */
function frameOptionsOf(ancestors: readonly string[]): string | undefined {
  if (ancestors.length === 0) return 'DENY';
  return ancestors.length === 1 && ancestors[0] === "'self'" ? 'SAMEORIGIN' : undefined;
}

/** @throws TypeError */
export function checkCsp(value: unknown): void {
  checkOptions('createSecurityHeaders: csp', value, checks);
}

const sources = expects('a list of sources', areSources);

const checks = {
  directives: (value: unknown) => {
    if (typeof value !== 'object' || value === null) return 'an object of directives';
    for (const [name, own] of Object.entries(value)) checkDirective(name, own);
    return undefined;
  },
  scriptSources: expects(
    "a list of sources without 'unsafe-inline', which the nonce turns off",
    areScriptSources,
  ),
  strictDynamic: optionChecks.boolean,
  frameAncestors: sources,
  trustedTypes: expects(
    'true, false or a list of names of policies',
    (value) =>
      typeof value === 'boolean' ||
      // The grammar of a policy's name (Trusted Types §4.1.2), and the keyword.
      (isTextList(value) && value.every((name) => /^([\w\-#=/@.%]+|'allow-duplicates')$/.test(name))),
  ),
  reportTo: expects(
    'a path or a URL of http or https',
    (value) => typeof value === 'string' && /^(\/(?!\/)|https?:\/\/)[^\s"\\;,\u0080-\uffff]*$/.test(value),
  ),
  reportOnly: optionChecks.boolean,
};

const elsewhere: Readonly<Record<string, string>> = {
  'frame-ancestors': 'option "frameAncestors"',
  'report-uri': 'option "reportTo"',
  'report-to': 'option "reportTo"',
  'trusted-types': 'option "trustedTypes"',
  'require-trusted-types-for': 'option "trustedTypes"',
  'upgrade-insecure-requests': 'itself, for requests that came by https',
};

/** CSP3 §6, but for those that are set elsewhere; browsers pass over what they do not know. */
const known = new Set([
  'base-uri',
  'child-src',
  'connect-src',
  'default-src',
  'fenced-frame-src',
  'font-src',
  'form-action',
  'frame-src',
  'img-src',
  'manifest-src',
  'media-src',
  'object-src',
  'sandbox',
  'script-src',
  'script-src-attr',
  'script-src-elem',
  'style-src',
  'style-src-attr',
  'style-src-elem',
  'webrtc',
  'worker-src',
]);

const checksOfSources: Readonly<Record<string, (value: unknown) => boolean>> = {
  'script-src': areScriptSources,
  'script-src-elem': areScriptSources,
  'script-src-attr': areScriptAttributes,
};

function checkDirective(name: string, value: unknown): void {
  const option = `createSecurityHeaders: csp: directive ${describeValue(name)}`;
  if (Object.hasOwn(elsewhere, name)) throw new TypeError(`${option} is set by ${elsewhere[name]}`);
  if (!known.has(name)) throw new TypeError(`${option} is no name of a directive of CSP3`);
  if (value === false && name !== 'script-src') return;
  const holds = (checksOfSources[name] ?? areSources)(value);
  if (!holds) throw new TypeError(`${option} must be a list of sources, got ${shown(value)}`);
}

function shown(value: unknown): string {
  const wrong = isTextList(value) && value.find((source) => !areSources([source]));
  return describeValue(wrong === false || wrong === undefined ? value : wrong);
}

function areScriptSources(value: unknown): boolean {
  return areScriptAttributes(value) && !(value as string[]).some(isNone);
}

/** No nonce is for them, so that `'none'` may be said. */
function areScriptAttributes(value: unknown): boolean {
  return areSources(value) && !(value as string[]).some((source) => /^'unsafe-inline'$/i.test(source));
}

/**
 * Sources of which none ends its directive or the header, lacks its quotes, contradicts another one, or is a nonce
 * from elsewhere.
 */
function areSources(value: unknown): boolean {
  if (!isTextList(value) || (value.some(isNone) && value.length > 1)) return false;
  return value.every(
    (source) =>
      /^[\x21-\x7e]+$/.test(source) &&
      !/[;,()"]/.test(source) &&
      // A nonce is for one response (CSP3 §7.1).
      !/^'nonce-/i.test(source) &&
      !/^(self|none|strict-dynamic|report-sample|unsafe-.*|wasm-unsafe-eval|nonce-.*|sha(256|384|512)-.*)$/.test(
        source,
      ),
  );
}

function isNone(source: string): boolean {
  return /^'none'$/i.test(source);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
