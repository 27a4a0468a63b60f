/**
 * `pnpm bench [--rounds N] [--json]`: ratios against a raw baseline in the same run, and what a contact and a turn cost on a case
 * of 10 and of 10,000 entries. A report, not a test: it judges nothing.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCases } from './cases.ts';
import { benchLog } from './log.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, json: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('--rounds must be a whole number, 1 or more.');
  process.exit(2);
}

const tell = (what: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`);
};

tell('the log against a bare file');
const log = await benchLog({ rounds });
const cases = await benchCases({ rounds: Math.min(rounds, 5), onProgress: tell });
tell('');
const report = { node: process.version, cores: cpus().length, rounds, log, cases };
if (values.json) {
  console.log(JSON.stringify(report, null, 2));
} else {
  console.log(`Node ${report.node}, ${report.cores} cores, medians of ${rounds} interleaved rounds\n`);
  console.log('The embedded log against writing and fdatasync-ing the same bytes (400-byte records)');
  for (const figure of log) {
    console.log(
      `  batch ${String(figure.batch).padStart(3)}: ${figure.logPerSecond} records/s against ${figure.rawPerSecond}, ratio ${figure.ratio.toFixed(2)} (rounds from ${figure.ratioLowest.toFixed(2)} to ${figure.ratioHighest.toFixed(2)})`,
    );
  }
  console.log('\nA contact and a turn, through the log, identity-resolution and case-state');
  for (const figure of cases) {
    console.log(
      `  a case of ${String(figure.entries).padStart(5)} entries: contact start to briefing p50 ${figure.briefingP50Ms} ms, p99 ${figure.briefingP99Ms} ms; ${Math.round(figure.interactionsPerSecond)} interactions/s`,
    );
  }
}
