import { expect, test } from '@jest/globals';
import { usageDocument } from '../../src/response/usage-document';
import { usageReport } from '../support/fake-quota';

test('a report survives JSON: large numbers are text, to the last digit', () => {
  const document = usageDocument(usageReport);
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  expect(document.cost).toMatchObject({
    totalNanoUsd: '12345678901234567890',
    totalUsd: '12345678901.23456789',
    forecastUsd: '1.50',
    byUnit: [{ name: 'apiCalls', amount: '9007199254740993', costNanoUsd: '1', costUsd: '0.000000001' }],
  });
  expect(usageDocument({ ...usageReport, cost: null }).cost).toBeNull();
});
