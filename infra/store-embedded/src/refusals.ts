/** Something stored is not what was committed. It is not used. */
export class StoreCorrupt extends Error {
  readonly code = 'store-corrupt';
  /** What is broken, e.g. `document case/case_1 of case-state`. */
  readonly what: string;
  constructor(what: string) {
    super(
      `The stored ${what} does not match its checksum: stop, and put back a copy of the data directory from a backup.`,
    );
    this.name = 'StoreCorrupt';
    this.what = what;
  }
}
