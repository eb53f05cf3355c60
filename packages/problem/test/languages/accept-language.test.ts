import { describe, expect, test } from '@jest/globals';
import { defineProblems } from '../../src';
import { acceptLanguage } from '../../src/languages';
import { exampleProblems, exampleTypes, requestWith } from '../examples';

const problems = exampleProblems();

describe('an answer', () => {
  test.each([
    ['de-CH, en;q=0.5', 'de', 'Ungültige Eingabe'],
    ['fr, en;q=0.5', 'en', 'Validation Error'],
    ['fr', 'en', 'Validation Error'],
    ['*', 'en', 'Validation Error'],
    ['de;q=0, en;q=0.1', 'en', 'Validation Error'],
    ['en;q=0.1, de;q=0.9', 'de', 'Ungültige Eingabe'],
  ])('to %j comes in %s', async (accepted, language, title) => {
    const response = problems.respond(
      problems.error('validation'),
      requestWith({ 'accept-language': accepted }),
    );
    expect(response.headers.get('content-language')).toBe(language);
    expect(response.headers.get('vary')).toBe('Accept, Accept-Language');
    expect(await response.json()).toMatchObject({ title });
  });

  test('is translated by function, with what the type translates as its title', async () => {
    const translated = exampleProblems({
      language: acceptLanguage({
        languages: ['en', 'fr'],
        translate: (document, language) => ({ detail: `${language}: ${document.detail}` }),
      }),
    });
    const error = translated.error('validation', { detail: 'No.' });
    const german = translated.respond(error, requestWith({ 'accept-language': 'de' }));
    expect(await german.json()).toMatchObject({ title: 'Ungültige Eingabe', detail: 'de: No.' });
    const french = translated.respond(error, requestWith({ 'accept-language': 'fr' }));
    expect(await french.json()).toMatchObject({ title: 'Validation Error', detail: 'fr: No.' });
  });

  test('without a request comes in the first language', () => {
    expect(problems.respond(problems.error('validation')).headers.get('content-language')).toBe('en');
  });
});

describe('acceptLanguage', () => {
  test('knows the languages of its options and of the types', () => {
    const language = acceptLanguage({ languages: ['en', 'fr'] });
    expect(defineProblems({ baseUrl: '/e', types: exampleTypes, language }).languages).toEqual([
      'en',
      'fr',
      'de',
    ]);
  });

  test.each([
    [{ languages: [] }, /languages.*\[\]/],
    [{ languages: 'en' }, /languages.*"en"/],
    [{ languages: ['en\r\n'] }, /languages.*"en\\r\\n"/],
    [{ languages: [7] }, /languages.*7/],
    [{ translate: 'x' }, /translate.*"x"/],
  ])('refuses %j', (options, message) => {
    expect(() => acceptLanguage(options as never)).toThrow(TypeError);
    expect(() => acceptLanguage(options as never)).toThrow(message);
  });

  test('refuses translations to what is no language', () => {
    const types = { a: { status: 400, title: 'x', translations: { '?': {} } } };
    expect(() => defineProblems({ baseUrl: '/e', types, language: acceptLanguage() })).toThrow(
      /translations.*"\?"/,
    );
  });
});
