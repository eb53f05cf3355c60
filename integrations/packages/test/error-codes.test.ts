import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CacheError, type CacheErrorCode } from '@unite/cache';
import { ContextError, type ContextErrorCode } from '@unite/core/express';
import { CryptoError, type CryptoErrorCode } from '@unite/crypto';
import { DatabaseError, type DatabaseErrorCode } from '@unite/db-ha';
import { OpsError, type OpsErrorCode } from '@unite/ops';
import { QuotaError, type QuotaErrorCode } from '@unite/quota';
import { TracingError, type TracingErrorCode } from '@unite/tracing';
import { cataloguedCodes, writtenCodes } from '../src/error-codes';
import { publishedPackages } from '../src/published-packages';
import { repository } from '../src/repository';

const catalogue = cataloguedCodes(readFileSync(join(repository, 'docs/errors.md'), 'utf8'));
const codes = catalogue.map(({ code }) => code.replace('…', ''));

test.each(publishedPackages)('the catalogue has every code that $name writes', (owner) => {
  const isTold = (written: string) =>
    codes.some((code) => (written.endsWith('_') ? code.startsWith(written) : code === written));
  expect(writtenCodes(owner).filter((written) => !isTold(written))).toEqual([]);
});

test('the catalogue has no code that nobody writes, and none twice', () => {
  const written = publishedPackages.flatMap(writtenCodes);
  const isWritten = (code: string) =>
    written.some((one) => (one.endsWith('_') ? code.startsWith(one) : code === one));
  expect(codes.filter((code) => !isWritten(code))).toEqual([]);
  expect(codes).toEqual([...new Set(codes)]);
});

const errors: Readonly<Record<string, (code: string) => Error>> = {
  '@unite/cache': (code) => new CacheError(code as CacheErrorCode, ''),
  '@unite/core': (code) => new ContextError(code as ContextErrorCode, ''),
  '@unite/crypto': (code) => new CryptoError(code as CryptoErrorCode, ''),
  '@unite/db-ha': (code) => new DatabaseError(code as DatabaseErrorCode, ''),
  '@unite/ops': (code) => new OpsError(code as OpsErrorCode, ''),
  '@unite/quota': (code) => new QuotaError(code as QuotaErrorCode, ''),
  '@unite/tracing': (code) => new TracingError(code as TracingErrorCode, ''),
};

test('the catalogue tells the status that a client gets', () => {
  const told = catalogue.filter(({ status }) => status !== undefined);
  const given = told.map(({ owner, code }) => ({ owner, code, status: statusOf(errors[owner]?.(code)) }));
  expect(told.length).toBeGreaterThan(90);
  expect(told).toEqual(given);
});

/** As `@unite/problem` reads it; nothing that is thrown away without an answer has one. */
function statusOf(error: Error | undefined): string | undefined {
  const mark = (error as { [problem: symbol]: { readonly status: number } | undefined } | undefined)?.[
    Symbol.for('unite.problem')
  ];
  return mark === undefined ? '–' : String(mark.status);
}
