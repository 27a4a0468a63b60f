import type { LogRecord } from './ports.ts';
import { REDRIVE_REQUESTED } from './processor.ts';

/** Inputs decided on in one unit at most, and their bytes: many share one commit, and what follows from them has to fit it (8 MB). */
export const UNIT_INPUTS_MAX = 1000;
const UNIT_INPUT_BYTES_MAX = 1_000_000;

/**
 * How many records from the first on go into the next unit, one at least. A redrive reads what is held from the store, so
 * it is a unit of its own, behind all that was committed before it.
 */
export function unitLength(records: readonly LogRecord[], inputsMax: number): number {
  let bytes = 0;
  for (const [index, { headers, value }] of records.entries()) {
    bytes += value.length;
    const isRedrive = headers.ce_type === REDRIVE_REQUESTED;
    if (index > 0 && (isRedrive || index === inputsMax || bytes > UNIT_INPUT_BYTES_MAX)) return index;
    if (isRedrive) return 1;
  }
  return records.length;
}
