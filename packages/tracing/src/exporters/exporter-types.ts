import type { ExportResult } from '@opentelemetry/core';

/** The queue between the sampler and an exporter: bounded, and never waited for. */
export interface ExportOptions {
  /** Most spans that wait; further ones are dropped and counted. @default 32_768 */
  readonly maxQueuedSpans?: number | undefined;
  /** Most spans in one request to the exporter. @default 512 */
  readonly maxBatchSpans?: number | undefined;
  /** Longest time that a span waits for others to go with it, in milliseconds. @default 1_000 */
  readonly maxDelayMs?: number | undefined;
  /** Longest time for one batch, in milliseconds, with the exporter's own retries; then it counts as failed. @default 10_000 */
  readonly timeoutMs?: number | undefined;
}

/** Counters of one exporter. */
export interface ExportStats {
  /** What it is, such as `otlp http/protobuf http://localhost:4318/v1/traces`, without credentials. */
  readonly exporter: string;
  readonly exported: number;
  /** Spans that the exporter refused, or that it did not take in time. */
  readonly failed: number;
  /** Spans that found the queue full, or came after the end. */
  readonly dropped: number;
  readonly queued: number;
  /** The last failure, in words and without credentials. */
  readonly lastError: string | undefined;
}

/** Options of `otlp`. */
export interface OtlpOptions {
  /**
   * The full address of the receiver: `http://localhost:4318/v1/traces`; for gRPC `http://localhost:4317`. Jaeger from
   * 1.35 on speaks it.
   */
  readonly url: string;
  /** `grpc` needs the package `@opentelemetry/exporter-trace-otlp-grpc`. @default 'http/protobuf' */
  readonly protocol?: 'http/protobuf' | 'http/json' | 'grpc' | undefined;
  /** Such as an API key. Never shown. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** @default 'gzip' */
  readonly compression?: 'gzip' | 'none' | undefined;
  /** Longest time for one batch, with retries, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number | undefined;
}

/** A result that says how many spans of the batch the receiver refused, although it took the batch. */
export interface CountedResult extends ExportResult {
  readonly rejectedSpans?: number | undefined;
}
