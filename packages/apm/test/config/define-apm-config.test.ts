import { describe, expect, it } from '@jest/globals';
import { defineApmConfig, startApm } from '../../src';
import type { BrowserDatadogOptions, BrowserSentryOptions } from '../../src/browser/browser-types';
import type { ApmConfigOptions, DefineApmConfigOptions } from '../../src/config/config-types';

const abort = { type: 'AbortError' };
const configOf = defineApmConfig({
  default: {
    sampling: { traces: 0.5, sessions: undefined },
    tags: { team: 'crm', region: 'eu' },
    rules: { ignore: [abort], slowQueryMs: 200 },
    budget: { errorsPerDay: 100 },
  },
  production: {
    sampling: { traces: 0.1, replays: 0.01 },
    tags: { region: 'us' },
    rules: { ignore: [{ code: 'ECONNRESET' }] },
    budget: { pointsPerDay: 1_000 },
  },
  test: {},
});

describe('a configuration', () => {
  it('is what the environment says, else the default, else the built-in value, field by field', () => {
    expect(configOf('production')).toEqual({
      environment: 'production',
      sampling: { traces: 0.1, sessions: 1, replays: 0.01, errorReplays: 0 },
      tags: { team: 'crm', region: 'us' },
      rules: { ignore: [{ code: 'ECONNRESET' }], slowQueryMs: 200 },
      budget: { errorsPerDay: 100, pointsPerDay: 1_000 },
    });
    expect(configOf('test')).toMatchObject({
      environment: 'test',
      sampling: { traces: 0.5, sessions: 1 },
      rules: { ignore: [abort] },
    });
  });

  it('needs nothing but a default', () => {
    expect(defineApmConfig({ default: {}, production: {} })('production')).toEqual({
      environment: 'production',
      sampling: { traces: 1, sessions: 1, replays: 0, errorReplays: 0 },
      tags: {},
      rules: { ignore: [], slowQueryMs: 500 },
      budget: {},
    });
  });

  it.each(['production', 'test'])('is what startApm takes, in %s', async (environment) => {
    const { rules, tags, budget } = configOf(environment);
    const apm = startApm({ service: { name: 'crm', environment }, crash: false, tags, budget, ...rules });
    expect(apm.budget().budgets).toContainEqual(expect.objectContaining({ unit: 'errors', perDay: 100 }));
    await apm.close();
  });

  it('gives the rates that the options of the page ask for', () => {
    const { sessions, replays, errorReplays } = configOf('production').sampling;
    const datadog: Partial<BrowserDatadogOptions> = {
      sessionSampleRate: 100 * sessions,
      sessionReplaySampleRate: 100 * replays,
    };
    const sentry: Partial<BrowserSentryOptions> = {
      replaysSessionSampleRate: sessions * replays,
      replaysOnErrorSampleRate: errorReplays,
    };
    expect(datadog).toEqual({ sessionSampleRate: 100, sessionReplaySampleRate: 1 });
    expect(sentry).toEqual({ replaysSessionSampleRate: 0.01, replaysOnErrorSampleRate: 0 });
  });

  it('is frozen, and apart from what it was made of', () => {
    const rule = { type: 'AbortError' };
    const config = defineApmConfig({ default: { rules: { ignore: [rule] } }, test: {} })('test');
    rule.type = 'Error';
    expect(config.rules.ignore).toEqual([abort]);
    const parts = [config, ...Object.values(config), config.rules.ignore, config.rules.ignore[0]];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });
});

describe('an unknown environment', () => {
  it.each(['prod', 'default', '__proto__', 'constructor', '', undefined, 5])('%p is an error', (name) => {
    const text = /^defineApmConfig: no environment is named .+; known are production, test$/;
    expect(() => configOf(name as string)).toThrow(text);
  });

  it('is told that only the default is defined', () => {
    expect(() => defineApmConfig({ default: {} })('production')).toThrow(
      /"production"; there is none but "default", which holds for all with \{ whenUnknown: 'default' \}$/,
    );
  });

  it('gets what the default says where that is allowed', () => {
    const open = defineApmConfig({ default: { tags: { a: 'b' } } }, { whenUnknown: 'default' });
    expect(open('preview-17')).toMatchObject({ environment: 'preview-17', tags: { a: 'b' } });
    expect(() => open(undefined as unknown as string)).toThrow('no environment is named undefined');
  });
});

it.each<[string, unknown, unknown?]>([
  ['defineApmConfig: environments: options must be an object, got undefined', undefined],
  ['option "default" must be an object, got undefined', { production: {} }],
  ['option "production" must be an object, got 5', { default: {}, production: 5 }],
  ['defineApmConfig: production: unknown option "sample"', { default: {}, production: { sample: 1 } }],
  [
    'production.sampling: option "traces" must be a number from 0 to 1, got 10',
    production({ sampling: { traces: 10 } }),
  ],
  ['production.sampling: unknown option "trace"', production({ sampling: { trace: 1 } })],
  [
    'production.tags: option "a" must be a text of 1 to 200 characters, got ""',
    production({ tags: { a: '' } }),
  ],
  [
    'production.rules: option "slowQueryMs" must be a positive number, got 0',
    production({ rules: { slowQueryMs: 0 } }),
  ],
  ['production.budget: unknown option "spansPerDay"', production({ budget: { spansPerDay: 5 } })],
  ['production.rules: ignore[0]: must say', production({ rules: { ignore: [{}] } })],
  [
    'production.budget: option "errorsPerDay" must be a whole number from 1, got 0.5',
    production({ budget: { errorsPerDay: 0.5 } }),
  ],
])('refuses: %s', (text, environments) => {
  expect(() => defineApmConfig(environments as { default: ApmConfigOptions })).toThrow(text);
});

it('refuses to be told anything else of what is unknown', () => {
  const options = { whenUnknown: 'ask' } as unknown as DefineApmConfigOptions;
  const text = `option "whenUnknown" must be 'refuse' or 'default', got "ask"`;
  expect(() => defineApmConfig({ default: {} }, options)).toThrow(text);
});

function production(section: object): object {
  return { default: {}, production: section };
}
