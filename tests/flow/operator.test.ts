import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { MARTA, ShopBackend, takesRefunds } from './backend.ts';
import { runCommand } from './command.ts';
import { until } from './until.ts';

describe('the operator at the command line', () => {
  let shop: ShopBackend;
  let stage: Stage;
  let caseId: string;
  beforeEach(async () => {
    shop = await ShopBackend.open(takesRefunds);
    stage = await Stage.open({ THROUGHLINE_ACTIONS: shop.actionsFile, THROUGHLINE_LOG_LEVEL: 'silent' });
    await stage.importCustomers([MARTA]);
    const chat = await stage.loggedIn('M-77');
    caseId = (await chat.ask('Please refund order 10-4477.')).caseId ?? '';
    chat.close();
    await until('the trail to have caught up', async () => {
      const { pending } = await stage.api<{ pending: number }>('/api/audit/verify');
      return pending === 0;
    });
  });
  afterEach(async () => {
    await stage.close();
    shop.close();
  });

  it('imports a file, says what came of each line, and ends with 1 where one was refused', async () => {
    const file = join(stage.directory, 'customers.ndjson');
    writeFileSync(
      file,
      `${JSON.stringify(MARTA)}\n{\n${JSON.stringify({ ...MARTA, externalId: 'M-79', identifiers: [] })}\n`,
    );
    const mixed = await runCommand(stage, ['customers', 'import', file]);
    expect(mixed.code).to.equal(1);
    expect(mixed.stdout).to.match(/^2 accepted \(0 of them changed\), 1 rejected\nline 2: \w/);
    writeFileSync(file, JSON.stringify(MARTA));
    const good = await runCommand(stage, ['customers', 'import', file, '--json']);
    expect([good.code, JSON.parse(good.stdout)]).to.deep.equal([
      0,
      { accepted: 1, changed: 0, rejected: 0, errors: [] },
    ]);
  });

  it('sees a case and its trail, which is whole', async () => {
    const shown = await runCommand(stage, ['case', 'show', caseId]);
    expect([shown.code, shown.stdout.includes('Please refund order 10-4477.')]).to.deep.equal([0, true]);
    const trail = await runCommand(stage, ['audit', 'show', caseId]);
    expect([trail.code, trail.stdout.includes('every link is whole')]).to.deep.equal([0, true]);
    const verified = await runCommand(stage, ['audit', 'verify']);
    expect([verified.code, / links verified, /.test(verified.stdout)]).to.deep.equal([0, true]);
    expect((await runCommand(stage, ['parked'])).stdout).to.equal('Nothing is parked.\n');
  });

  it('gets JSON from every command that prints data', async () => {
    for (const words of [['case', 'show', caseId], ['audit', 'show', caseId], ['audit', 'verify'], ['parked']]) {
      const { code, stdout } = await runCommand(stage, [...words, '--json']);
      expect([words, code, typeof JSON.parse(stdout)]).to.deep.equal([words, 0, 'object']);
    }
  });

  it('gets help on every level', async () => {
    const levels = [
      [],
      ['customers'],
      ['customers', 'import'],
      ['case', 'show'],
      ['audit'],
      ['audit', 'verify'],
      ['parked'],
      ['redrive'],
    ];
    for (const words of levels) {
      const { code, stdout } = await runCommand(stage, [...words, '--help']);
      expect([words, code, /^Usage: throughline/.test(stdout)]).to.deep.equal([words, 0, true]);
    }
  });

  it('gets one sentence and an end with 1 for what cannot be done', async () => {
    const elsewhere = join(stage.directory, 'elsewhere');
    mkdirSync(elsewhere);
    const refusals: readonly (readonly [readonly string[], Readonly<Record<string, string>>, RegExp])[] = [
      [['parked', '--token', 'wrong'], {}, /operator token/],
      [['parked'], { THROUGHLINE_DATA_DIR: elsewhere }, /^No operator token/],
      [['parked', '--url', 'http://127.0.0.1:1'], {}, /^Nothing answers at/],
      [['parked', '--url', 'no url'], {}, /^Nothing answers at/],
      [['case', 'show', 'case_unknown'], {}, /no such case/],
      [['redrive', 'case-state', 'case_unknown'], {}, /Nothing is held/],
      [['customers', 'import', join(elsewhere, 'none.ndjson')], {}, /none\.ndjson/],
      [['parked'], { THROUGHLINE_HTTP_PORT: 'eighty' }, /THROUGHLINE_HTTP_PORT/],
    ];
    for (const [words, environment, says] of refusals) {
      const { code, stdout, stderr } = await runCommand(stage, words, environment);
      expect([words, code, stdout, stderr.trim().split('\n').length]).to.deep.equal([words, 1, '', 1]);
      expect(stderr).to.match(says);
    }
  });

  describe('after somebody was at the data file', () => {
    const tamper = (sql: string): Promise<void> =>
      stage.restart(() => {
        const database = new Database(join(stage.directory, 'throughline.db'));
        const { changes } = database.prepare(sql).run();
        database.close();
        expect(changes).to.be.greaterThan(0);
      });

    const eventsOf = (edge: 'first_stream' | 'first_stream + partitions'): string =>
      `(SELECT (${edge}) * 1099511627776 FROM log_topics WHERE name = 'case.events.v1')`;

    it('is told that the end of the trail was cut off: the checkpoint knows how long it was', async () => {
      await tamper("DELETE FROM store_documents WHERE processor = 'audit-case'");
      const { code, stdout } = await runCommand(stage, ['audit', 'verify']);
      expect(code).to.equal(1);
      expect(stdout).to.match(/NOT VERIFIED/);
      expect(stdout).to.match(/case\.events\.v1\/\d+ at \?: the end of the trail is gone: \d+ links/);
    });

    it('is told that a record is missing from the middle of the log', async () => {
      const others = `SELECT 1 FROM log_runs other WHERE other.position / 1099511627776 = log_runs.position / 1099511627776`;
      await tamper(
        `DELETE FROM log_runs WHERE position >= ${eventsOf('first_stream')} AND position < ${eventsOf('first_stream + partitions')}
          AND EXISTS (${others} AND other.position < log_runs.position) AND EXISTS (${others} AND other.position > log_runs.position)`,
      );
      const { code, stdout } = await runCommand(stage, ['audit', 'verify']);
      expect(code).to.equal(1);
      expect(stdout).to.match(/case\.events\.v1\/\d+ at \d+: the log cannot be read from here on/);
    });

    it('is told at the start which record of the log was edited', async () => {
      const refusal = await tamper(
        `UPDATE log_runs SET content = zeroblob(length(content)) WHERE position >= ${eventsOf('first_stream')} AND position < ${eventsOf('first_stream + partitions')}`,
      ).catch((error: unknown) => error);
      expect(String(refusal)).to.match(/case\.events\.v1.*checksum/);
    });
  });
});
