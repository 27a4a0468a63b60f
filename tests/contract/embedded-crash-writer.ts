/** Started by the crash test: appends and commits until it is killed, and prints what was acknowledged. */
import { writeSync } from 'node:fs';
import { createEmbeddedLog } from '@throughline/log-embedded/log';
import { openDatabase } from '@throughline/sqlite/database';
import { createEmbeddedStore } from '@throughline/store-embedded/store';
import { keepingReporter, steppedClock } from './embedded-place.ts';
import { record, TOPIC } from './log-setting.ts';
import { PARTITION, unit, writeOf } from './store.ts';

const STDOUT = 1;
const [, , directory = ''] = process.argv;
const database = openDatabase({ directory });
const { clock } = steppedClock();
const log = createEmbeddedLog({ database, topics: [TOPIC], clock, reporter: keepingReporter() });
const store = createEmbeddedStore({ database });
const { epoch } = await store.open(PARTITION);

for (let round = 0; ; round += 1) {
  const keys = ['case_1', 'case_2', 'case_3'];
  const [positions, outcome] = await Promise.all([
    log.append(keys.map((key) => record(key, `${key} ${round}`))),
    store.commit(unit(epoch, round, { documents: [writeOf('case_1', `round ${round}`)] })),
  ]);
  // Synchronous: a line is out before anything else can happen.
  writeSync(STDOUT, `${JSON.stringify({ round, positions, outcome })}\n`);
}
