import fc from 'fast-check';
import { type DoorKind, demand } from '../door.ts';
import { type Damage, type LogFile, SmallLog } from '../small-log.ts';

interface LogFileInput {
  readonly file: LogFile;
  readonly how: 'flip' | 'cut';
  /** Taken modulo the length. */
  readonly at: number;
}

/** What a disk may do to the file of the embedded log. */
export const logFileDoor: DoorKind<LogFileInput> = {
  name: 'log-file',
  about: "bit flips and truncations of the embedded log's file: recovered from or refused, never invented upon",
  inputsPerOpening: 2_000,
  inputs: () =>
    fc.record({
      file: fc.oneof(
        { weight: 3, arbitrary: fc.constant<LogFile>('database') },
        { weight: 1, arbitrary: fc.constant<LogFile>('write-ahead') },
      ),
      how: fc.oneof(
        { weight: 9, arbitrary: fc.constant('flip' as const) },
        { weight: 1, arbitrary: fc.constant('cut' as const) },
      ),
      at: fc.nat(2 ** 30),
    }),
  async open() {
    const small = await SmallLog.make();
    return {
      async feed({ file, how, at }) {
        const bytes = small.bytes(file);
        const damage: Damage = how === 'flip' ? { flipBit: at % (bytes * 8) } : { cutTo: at % bytes };
        const fate = await small.fateOf(file, damage);
        demand(
          fate === 'refused' || fate <= mayBeLost(file, damage),
          `${fate} records at the end are gone without a word: ${JSON.stringify(damage)}`,
        );
      },
      async close() {
        small.close();
      },
    };
  },
};

/**
 * What is cut off behind the file was never there, for all that anybody can tell; a last record that is not whole may be one that
 * was being written when the power went. Nothing else may be lost unseen.
 */
function mayBeLost(file: LogFile, damage: Damage): number {
  if ('cutTo' in damage) return file === 'write-ahead' || damage.cutTo === 0 ? Number.POSITIVE_INFINITY : 0;
  return file === 'write-ahead' ? 1 : 0;
}
