import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { defineProblems } from '../../src';
import { problemDocs, problemPage, problemPages } from '../../src/docs';
import { style, styleHash } from '../../src/docs/style';
import { exampleProblems, requestWith } from '../examples';

const problems = exampleProblems();
const docs = problemDocs(problems);

function get(path: string, accept = 'text/html', method = 'GET', language = 'en'): Response {
  const headers = { accept, 'accept-language': language };
  return docs(new Request(`https://api.example.com${path}`, { method, headers }));
}

describe('problemDocs', () => {
  test('explains a type', async () => {
    const response = get('/errors/validation');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("style-src 'self'");
    const page = await response.text();
    for (const text of [
      'Validation Error',
      'A field is missing',
      'Correct the fields',
      '&#34;pointer&#34;',
      'lang="en"',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toMatch(/ style=|<script|<style| on\w+=/);
  });

  test('opens every type of the registry that lives below the base', async () => {
    for (const { uri } of problems.registry.filter((entry) => entry.uri.startsWith(problems.baseUrl))) {
      expect([uri, docs(new Request(uri)).status]).toEqual([uri, 200]);
    }
  });

  test('lists the registry, with links that open', async () => {
    const page = await get('/errors').text();
    const links = [...page.matchAll(/href="([^"]+)"/g)].map((match) => match[1] as string);
    expect(links).toContain('/errors/validation');
    expect(links).toContain('https://example.com/probs/out-of-credit');
    for (const link of links.filter((each) => each.startsWith('/')))
      expect([link, get(link).status]).toEqual([link, 200]);
  });

  test('speaks German, Markdown and JSON', async () => {
    expect(await get('/errors/validation', 'text/html', 'GET', 'de').text()).toContain(
      'Bitte die Felder korrigieren.',
    );
    expect(await get('/errors/validation', 'text/markdown').text()).toContain(
      '## What to do\n\nCorrect the fields',
    );
    expect(await get('/errors/', 'text/markdown').text()).toContain(
      '- 400 [Validation Error](/errors/validation)',
    );
    expect(await get('/errors/quota-exceeded', 'application/json').json()).toMatchObject({
      slug: 'quota-exceeded',
      status: 429,
      extensions: { 'violated-policies': { type: 'array' } },
      example: { type: 'https://iana.org/assignments/http-problem-types#quota-exceeded' },
    });
    expect(await get('/errors/', 'application/json').json()).toHaveLength(problems.registry.length);
    expect(await get('/errors/database-unavailable', 'text/markdown').text()).toContain('- `Retry-After: 5`');
  });

  test('refuses the rest with a problem', async () => {
    expect(await get('/errors/nothing', 'application/json').json()).toMatchObject({ status: 404 });
    expect(get('/other').status).toBe(404);
    const refused = get('/errors/', 'application/json', 'POST');
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await get('/errors/', 'text/html', 'HEAD').text()).toBe('');
  });

  test('serves its style where the pages link it', async () => {
    const page = await get('/errors/').text();
    const link = /href="(\/errors\/_style-[^"]+)"/.exec(page)?.[1] as string;
    const response = get(link);
    expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(await response.text()).toBe(style);
  });
});

describe('problemPage', () => {
  const paged = exampleProblems({
    html: problemPage,
    context: () => ({ requestId: 'r-1', traceId: 't-1', state: new Map() }),
  });

  test('says what happened, what to do and what to quote', async () => {
    const error = paged.error('validation', {
      detail: 'Two fields.',
      errors: [{ field: 'email', message: 'Required' }],
    });
    const response = paged.respond(error, requestWith({ accept: 'text/html', 'accept-language': 'de' }));
    const page = await response.text();
    for (const text of [
      'Ungültige Eingabe',
      'Two fields.',
      'Bitte die Felder',
      'email',
      'Required',
      'r-1',
      't-1',
    ])
      expect(page).toContain(text);
    expect(page).toContain('href="https://api.example.com/errors/validation"');
    expect(response.headers.get('content-security-policy')).toContain(`'sha256-${styleHash}'`);
  });

  test('has the style whose hash its policy names', () => {
    expect(createHash('sha256').update(style).digest('base64')).toBe(styleHash);
  });

  test.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['text/*', true],
    ['text/html, application/problem+json', false],
    ['text/html;q=0.5, application/json', false],
    ['text/html;q=0.9, */*;q=0.95', false],
    ['text/html;q=nonsense', false],
    ['TEXT/HTML; Q=1', true],
    ['*/*', false],
    ['', false],
    [`${'x/y,'.repeat(500)}text/html`, false],
  ])('for %j: %j', (accept, isPage) => {
    const response = paged.respond(new Error('x'), requestWith(accept ? { accept } : {}));
    expect(response.headers.get('content-type')?.startsWith('text/html')).toBe(isPage);
  });

  test('lets no text become markup, and no type a script', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const evil = `${text}<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;
        const source = {
          type: 'javascript:alert(1)',
          status: 400,
          title: evil,
          detail: evil,
          extensions: { errors: [null, { field: evil, message: evil }], requestId: evil },
        };
        const response = exampleProblems({ html: problemPage }).respond(
          { [Symbol.for('unite.problem')]: source },
          requestWith({ accept: 'text/html' }),
        );
        const page = await response.text();
        expect(page).not.toMatch(/<script|<img|href="javascript/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('problemPages', () => {
  test('are complete, with the style inside, linked or with a nonce', () => {
    const { html, markdown } = problemPages(problems);
    expect(Object.keys(html)).toEqual(Object.keys(markdown));
    expect(Object.keys(html)).toEqual([
      '',
      'validation',
      'contact-not-found',
      'database-unavailable',
      'idempotency-key-missing',
      'idempotency-key-reused',
      'idempotency-key-in-flight',
    ]);
    expect(html.validation).toContain(`<style>${style}</style>`);
    expect(problemPages(problems, { nonce: 'n"1' }).html['']).toContain('<style nonce="n&#34;1">');
    expect(problemPages(problems, { stylesheet: '/s.css' }).html['']).toContain(
      '<link rel="stylesheet" href="/s.css">',
    );
    expect(problemPages(problems, { language: 'de' }).markdown.validation).toContain('# Ungültige Eingabe');
  });

  test('of a registry without texts, and with hostile ones', () => {
    const hostile = defineProblems({
      baseUrl: '/e/',
      types: {
        a: {
          status: 400,
          title: '<script>`*_[x](y)',
          extensions: { 'x`y': {}, z: { type: 'string', description: '<b>' } },
          headers: { 'x-a': '`</code>`' },
          example: { detail: '```\n</script>' },
        },
      },
    });
    const { html, markdown } = problemPages(hostile);
    expect(html.a).not.toContain('<script');
    expect(markdown.a).toContain('\\<script\\>\\`\\*\\_\\[x\\](y)');
    expect(markdown.a).not.toMatch(/^```\n<\/script>/m);
    expect(markdown['']).toContain('- 400 [');
  });
});
