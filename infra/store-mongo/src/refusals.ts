import type { PartitionId } from '@throughline/kernel/ports';
import { UNIT_BYTES_MAX } from '@throughline/kernel/unit-size';

/** A unit does not fit its journal. The kernel makes none like that; nothing was written. */
export class UnitTooLarge extends Error {
  readonly code = 'unit-too-large';
  readonly bytes: number;
  constructor({ processor, partition }: PartitionId, bytes: number) {
    super(
      `A unit of ${processor}, partition ${partition} has ${bytes} bytes of at most ${UNIT_BYTES_MAX}: decide on fewer inputs at once.`,
    );
    this.name = 'UnitTooLarge';
    this.bytes = bytes;
  }
}

/** A journal does not hold what was committed. It is not used. */
export class StoredUnitUnreadable extends Error {
  readonly code = 'store-corrupt';
  constructor(journalId: string) {
    super(`The journal ${journalId} does not hold a unit: stop, and put back a copy of the database from a backup.`);
    this.name = 'StoredUnitUnreadable';
  }
}

/** The database lacks indexes; the message names them and says what to do. */
export class IndexesMissing extends Error {
  readonly code = 'store-indexes-missing';
  readonly missing: readonly string[];
  constructor(missing: readonly string[]) {
    super(`The database lacks indexes (${missing.join('; ')}): run \`pnpm throughline store apply\`.`);
    this.name = 'IndexesMissing';
    this.missing = missing;
  }
}
