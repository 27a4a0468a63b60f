import { readFileSync, writeFileSync } from 'node:fs';
import { createEmbeddedLog } from '@throughline/log-embedded/log';
import type { Database } from '@throughline/sqlite/database';
import { createEmbeddedStore } from '@throughline/store-embedded/store';
import { expect } from 'chai';
import { keepingReporter, openPlace, type Place, steppedClock } from './embedded-place.ts';
import { numbered, record, TOPIC, Witness } from './log-setting.ts';
import { PARTITION, unit, writeOf } from './store.ts';
import { bytesOf, rejectionOf, until } from './waiting.ts';

describe('the embedded storage with something broken in its file', () => {
  let place: Place;
  const { clock, turn } = steppedClock();
  const openLog = (database: Database, partitions = TOPIC.partitions, reporter = keepingReporter()) =>
    createEmbeddedLog({ database, topics: [{ ...TOPIC, partitions }], clock, reporter });

  beforeEach(() => {
    place = openPlace();
  });
  afterEach(() => {
    place.close();
  });

  /** Appends five records of one key and lets a statement loose on the row of the third. */
  async function logDamagedBy(sql: string) {
    const log = openLog(place.database());
    const positions = await Promise.all(numbered('case_1', 5).map((each) => log.append([each])));
    const partition = positions[0]?.[0]?.partition ?? -1;
    const position = partition * 2 ** 40 + 2;
    expect(place.database().connection.prepare(sql).run(position).changes).to.equal(1);
    return { partition, log: openLog(place.reopen()) };
  }

  for (const [what, sql] of [
    ['value', "UPDATE log_runs SET content = x'00' WHERE position = ?"],
    ['key', "UPDATE log_runs SET outline = replace(outline, 'case_1', 'case_9') WHERE position = ?"],
    ['count', 'UPDATE log_runs SET count = 2 WHERE position = ?'],
    ['place', 'UPDATE log_runs SET position = position + 100000 WHERE position = ?'],
    ['row', 'DELETE FROM log_runs WHERE position = ?'],
  ] as const) {
    it(`names the record whose ${what} was changed behind its back`, async () => {
      const error = await logDamagedBy(sql).then(
        ({ log, partition }) => rejectionOf(log.read(TOPIC.name, partition, 0, 10)),
        (refused: unknown) => refused,
      );
      expect(error).to.include({ code: 'log-corrupt', topic: TOPIC.name });
      expect(error)
        .to.have.property('message')
        .that.matches(/Record \d+ of contract.log.v1, partition \d.*backup/);
    });
  }

  for (const [what, sql] of [
    ['the count of the last row', 'UPDATE log_runs SET count = 0 WHERE position % 1099511627776 = 4'],
    [
      'the place of the last row',
      'UPDATE log_runs SET position = position + 4503599627370496 WHERE position % 1099511627776 = 4',
    ],
    ["its topic's name", "UPDATE log_topics SET name = 'other'"],
    ["its topic's place", 'UPDATE log_topics SET first_stream = first_stream + 4'],
  ] as const) {
    it(`does not give the places of records away again that ${what} hides`, async () => {
      const log = openLog(place.database());
      for (const each of numbered('case_1', 5)) await log.append([each]);
      expect(place.database().connection.prepare(sql).run().changes).to.equal(1);
      expect(() => openLog(place.reopen()))
        .to.throw(/backup/)
        .with.property('code')
        .that.is.oneOf(['log-corrupt', 'database-corrupt']);
    });
  }

  it('does not give the places of records away again that a page of the file hides', async () => {
    const log = openLog(place.database());
    for (const each of numbered('case_1', 5)) await log.append([each]);
    const { file } = place.database();
    const page = Number(
      place.database().connection.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'log_runs'").pluck().get(),
    );
    place.database().close();
    const bytes = readFileSync(file);
    // How many cells the page has: SQLite would read four of the five and say nothing.
    const cells = (page - 1) * 1024 + 4;
    expect(bytes[cells]).to.equal(5);
    bytes[cells] = 4;
    writeFileSync(file, bytes);
    expect(() => place.reopen())
      .to.throw(/backup/)
      .with.property('code', 'database-corrupt');
  });

  it('hands out no record behind a broken one, and says so to the operator', async () => {
    const { partition } = await logDamagedBy("UPDATE log_runs SET content = x'00' WHERE position = ?");
    const reporter = keepingReporter();
    const log = openLog(place.database(), TOPIC.partitions, reporter);
    const member = new Witness({ group: 'g' });
    const joined = await log.subscribe(member);
    await until('the break is reported', () => JSON.stringify(reporter.said).includes('Record 2 of'), turn);
    await joined.close();
    expect(member.records.filter((each) => each.partition === partition)).to.deep.equal([]);
  });

  it('finds every flipped byte of a record in the file', async () => {
    await openLog(place.database()).append([record('case_1', 'needle in the file')]);
    const { file } = place.database();
    place.database().close();
    const whole = readFileSync(file);
    const at = whole.indexOf('needle in the file');
    for (let byte = at; byte < at + 'needle in the file'.length; byte += 1) {
      writeFileSync(
        file,
        Uint8Array.from(whole, (each, index) => (index === byte ? each ^ 4 : each)),
      );
      expect(() => openLog(place.reopen()))
        .to.throw()
        .with.property('code', 'log-corrupt');
    }
  });

  it('refuses another number of partitions, which would move keys', () => {
    openLog(place.database(), 4);
    expect(() => openLog(place.database(), 5))
      .to.throw(/4 partitions.*5/)
      .with.property('code', 'log-partitions-fixed');
  });

  it('hands nothing to a consumer that is ahead of the log', async () => {
    const reporter = keepingReporter();
    const log = openLog(place.database(), 1, reporter);
    const member = new Witness({ group: 'g', cursors: new Map([[0, 7]]) });
    const joined = await log.subscribe(member);
    await until('that is reported', () => JSON.stringify(reporter.said).includes('older than the store'), turn);
    await joined.close();
    expect(member.records).to.deep.equal([]);
  });

  for (const [what, sql, use] of [
    ['document', "UPDATE store_documents SET body = x'00'", 'load'],
    ['timer', 'UPDATE store_timers SET due_ms = 1', 'due'],
    ['journal', 'UPDATE store_journal SET state = replace(state, \'"cursor":1\', \'"cursor":9\')', 'open'],
  ] as const) {
    it(`does not use a ${what} that was changed behind its back`, async () => {
      const store = createEmbeddedStore({ database: place.database() });
      const { epoch } = await store.open(PARTITION);
      const timers = [{ id: 't1', dueMs: 5, key: 'k', body: bytesOf('x') }];
      await store.commit(unit(epoch, 0, { documents: [writeOf('case_1', 'whole')], timers }));
      expect(place.database().connection.prepare(sql).run().changes).to.equal(1);
      const uses = {
        load: () => store.load(PARTITION.processor, [{ kind: 'case', id: 'case_1' }]),
        due: () => store.due(PARTITION, 10, 10),
        open: () => store.open(PARTITION),
      };
      const error = await rejectionOf(uses[use]());
      expect(error).to.have.property('code', 'store-corrupt');
      expect(error).to.have.property('what').that.includes(what);
    });
  }
});
