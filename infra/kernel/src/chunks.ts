import type { LogRecord } from './ports.ts';
import { REDRIVE_REQUESTED } from './processor.ts';

/** Inputs decided on in one unit at most, and their bytes: what follows from them has to fit a unit (8 MB). */
const UNIT_INPUTS_MAX = 100;
const UNIT_INPUT_BYTES_MAX = 1_000_000;

/** Parts of a batch, each for one unit. A redrive reads what is held from the store, so it is a unit of its own, behind all that was committed before it. */
export function* chunksOf(records: readonly LogRecord[]): Generator<readonly LogRecord[]> {
  let chunk: LogRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const alone = record.headers.ce_type === REDRIVE_REQUESTED;
    if (
      chunk.length > 0 &&
      (alone || chunk.length === UNIT_INPUTS_MAX || bytes + record.value.length > UNIT_INPUT_BYTES_MAX)
    ) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(record);
    bytes += record.value.length;
    if (alone) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
  }
  if (chunk.length > 0) yield chunk;
}
