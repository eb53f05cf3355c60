import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { exporterName } from '../../src/exporters/exporter-name';
import { optionsFromEnv } from '../../src/register/options-from-env';

const said = Symbol.for('unite.warned.1');

describe('optionsFromEnv', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    (globalThis as { [key: symbol]: Set<string> | undefined })[said]?.clear();
  });

  it('has a default for everything', () => {
    const options = optionsFromEnv({});
    expect(options).toMatchObject({
      service: { name: 'unknown_service:node' },
      sampling: {},
      propagation: { trustParent: false },
    });
    expect(options?.exporters).toHaveLength(1);
    expect(options?.instrument).toContain('http-server');
  });

  it('is off where OpenTelemetry is', () => {
    expect(optionsFromEnv({ OTEL_SDK_DISABLED: ' TRUE ' })).toBeUndefined();
  });

  it('names the service, by its own variable before the attributes', () => {
    const OTEL_RESOURCE_ATTRIBUTES =
      'service.name=other, service.version = 1.2%2C3,deployment.environment.name=prod,broken,=x,team=%E0%A4%A';
    expect(optionsFromEnv({ OTEL_RESOURCE_ATTRIBUTES })).toMatchObject({
      service: { name: 'other', release: '1.2,3', environment: 'prod' },
      attributes: { team: '%E0%A4%A' },
    });
    expect(optionsFromEnv({ OTEL_SERVICE_NAME: 'crm', OTEL_RESOURCE_ATTRIBUTES })?.service.name).toBe('crm');
  });

  it.each([
    [{}, 1],
    [{ OTEL_TRACES_EXPORTER: 'none' }, 0],
    [{ OTEL_TRACES_EXPORTER: 'otlp, console' }, 2],
    [{ OTEL_TRACES_EXPORTER: '' }, 0],
  ])('exports as told: %j', (env, count) => {
    expect(optionsFromEnv(env)?.exporters).toHaveLength(count);
  });

  it.each([
    [undefined, undefined, undefined],
    ['always_on', undefined, undefined],
    ['always_off', undefined, 0],
    ['traceidratio', '0.25', 0.25],
    ['parentbased_traceidratio', '1', 1],
    ['parentbased_always_off', undefined, 0],
  ])('samples as told: %s %s', (OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, ratio) => {
    const options = optionsFromEnv({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG });
    expect(options?.sampling?.ratio).toBe(ratio);
  });

  it('keeps what is slow, and trusts a gateway, when told to', () => {
    const env = { UNITE_TRACING_KEEP_SLOWER_THAN_MS: '500', UNITE_TRACING_TRUST_PARENT: 'true' };
    expect(optionsFromEnv(env)).toMatchObject({
      sampling: { keepSlowerThanMs: 500 },
      propagation: { trustParent: true },
    });
  });

  it.each([
    { OTEL_TRACES_EXPORTER: 'zipkin' },
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'carrier-pigeon' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost without a scheme' },
    { OTEL_TRACES_SAMPLER: 'jaeger_remote' },
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '1.5' },
    { UNITE_TRACING_KEEP_SLOWER_THAN_MS: 'slow' },
  ])('warns of what it ignores, and goes on: %j', (env) => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    expect(optionsFromEnv(env)).toBeDefined();
    const [name] = Object.keys(env).slice(-1);
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining(`${name} must be`),
      expect.objectContaining({ code: 'UNITE_TRACING_ENV_IGNORED' }),
    );
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:9/custom' }, 'http://collector:9/custom'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http://localhost:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'http://localhost:4317'],
  ])('finds the receiver: %j', (env, url) => {
    const [exporter] = optionsFromEnv(env)?.exporters ?? [];
    expect(exporter && exporterName(exporter)).toContain(url);
  });
});
