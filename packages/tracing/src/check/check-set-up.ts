import type { ExportStats } from '../exporters/exporter-types';
import type { InstrumentationSet } from '../pipeline-types';
import type { Tracing } from '../types';
import { checkApiCopies } from './check-api-copies';
import { checkContext } from './check-context';
import { checkExporters } from './check-exporters';
import { checkInstrumentations } from './check-instrumentations';
import { checkOwner } from './check-owner';
import type { SetUpFinding } from './check-types';

/** What the check looks at. */
export interface SetUp {
  readonly owner: Tracing['owner'];
  readonly exporters: readonly ExportStats[];
  readonly instrumented: Pick<InstrumentationSet, 'report'>;
  /** Spans that an exporter made of its own requests. */
  readonly selfTraced: number;
}

/** Looks at the set-up as it is now, for what stays silent by itself: spans are missing, and nobody says why. */
export function checkSetUp({ owner, exporters, instrumented, selfTraced }: SetUp): SetUpFinding[] {
  return [
    checkOwner(owner),
    checkContext(),
    checkApiCopies(),
    ...checkInstrumentations(instrumented.report()),
    ...(owner === 'unite' ? checkExporters(exporters, selfTraced) : []),
  ];
}
