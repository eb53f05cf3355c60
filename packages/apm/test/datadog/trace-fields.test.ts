import { expect, test } from '@jest/globals';
import { datadogTraceFields } from '../../src/datadog';

test('an identifier of 128 bits stays hexadecimal, one of 64 bits is decimal', () => {
  expect(datadogTraceFields('4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7')).toEqual({
    'dd.trace_id': '4bf92f3577b34da6a3ce929d0e0e4736',
    'dd.span_id': '67667974448284343',
  });
  expect(datadogTraceFields('0000000000000000a3ce929d0e0e4736', 'ffffffffffffffff')).toEqual({
    'dd.trace_id': '11803532876627986230',
    'dd.span_id': '18446744073709551615',
  });
});

test.each([
  [undefined, undefined],
  ['0'.repeat(32), '1'.repeat(16)],
  ['1'.repeat(32), '0'.repeat(16)],
  ['1'.repeat(31), '1'.repeat(16)],
  ['g'.repeat(32), '1'.repeat(16)],
])('nothing is said of %p and %p', (traceId, spanId) => {
  expect(datadogTraceFields(traceId, spanId)).toBeUndefined();
});
