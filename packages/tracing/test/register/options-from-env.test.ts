import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { checkTracingOptions } from '../../src/check-tracing-options';
import { exporterName } from '../../src/exporters/exporter-name';
import { optionsFromEnv } from '../../src/register/options-from-env';
import { endedSpans } from '../support/spans';

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
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://x:1' },
    { OTEL_EXPORTER_OTLP_HEADERS: 'x y=S3CRET' },
    { OTEL_EXPORTER_OTLP_HEADERS: 'x=%0d%0aS3CRET' },
    { OTEL_RESOURCE_ATTRIBUTES: 'service.version=' },
    { OTEL_RESOURCE_ATTRIBUTES: 'team=sales,S3CRET' },
    { OTEL_EXPORTER_OTLP_HEADERS: 'S3CRET' },
    { OTEL_EXPORTER_OTLP_COMPRESSION: 'br' },
    { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '-1' },
    { OTEL_SDK_DISABLED: 'yes' },
    { UNITE_TRACING_TRUST_PARENT: 'maybe' },
    { OTEL_TRACES_SAMPLER: 'jaeger_remote' },
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '1.5' },
    { UNITE_TRACING_KEEP_SLOWER_THAN_MS: 'slow' },
  ])('warns of what it ignores, and goes on: %j', (env) => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const options = optionsFromEnv(env);
    if (!options) throw new Error('no options');
    checkTracingOptions(options);
    const [name] = Object.keys(env).slice(-1);
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining(`${name} must be`),
      expect.objectContaining({ code: 'UNITE_TRACING_ENV_IGNORED' }),
    );
    expect(JSON.stringify(warn.mock.calls)).not.toContain('S3CRET');
  });

  it('names all that it ignores in one warning', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    optionsFromEnv({
      OTEL_PROPAGATORS: 'b3',
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '1',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca.pem',
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'fs',
      OTEL_EXPORTER_OTLP_INSECURE: '',
      OTEL_TRACES_EXPORTER: 'zipkin',
    });
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      'OTEL_TRACES_EXPORTER must be otlp, console or none, got "zipkin"; OTEL_PROPAGATORS, OTEL_BSP_SCHEDULE_DELAY, OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, OTEL_EXPORTER_OTLP_CERTIFICATE, OTEL_NODE_DISABLED_INSTRUMENTATIONS: not supported. Ignored',
    ]);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '-1' }, 'must be milliseconds above 0, got "-1"'],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '50' },
      'must be a number from 0 to 1, got "50"',
    ],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b,c' }, 'must be key=value pairs, and 2 of 3 are none'],
  ])('says what would have been right: %j', (env, words) => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    optionsFromEnv(env);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(words), expect.anything());
  });

  it('compresses and waits as told', async () => {
    const seen: unknown[] = [];
    const server = createServer((request) => void seen.push(request.headers['content-encoding']));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const [exporter] =
      optionsFromEnv({
        OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${(server.address() as AddressInfo).port}`,
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'none',
        OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      })?.exporters ?? [];
    const result = await new Promise((resolve) => exporter?.export(endedSpans(1), resolve));
    expect(result).toMatchObject({ error: { message: 'the receiver did not answer within 200 ms' } });
    expect(seen).toEqual([undefined]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, 'http://localhost:4318/v1/traces'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'grpc http://collector:1',
    ],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:9/custom' }, 'http://collector:9/custom'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http://localhost:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'http://localhost:4317'],
  ])('finds the receiver: %j', (env, url) => {
    const [exporter] = optionsFromEnv(env)?.exporters ?? [];
    expect(exporter && exporterName(exporter)).toContain(url);
  });
});
