/**
 * `pnpm test:engines [files]`: runs the suites that need Kafka, a schema registry and MongoDB's protocol, which they start and
 * stop themselves, or the files that are named. Ends with one line `N passed, N failed`. Exit 1 on any failure, and
 * where a program that the engines need is missing: nothing is left out in silence.
 */
import { fetchEngines } from '@throughline/engines/engines';
import { missingPrograms } from '@throughline/engines/programs';
import { printedProgress } from './engines/progress.ts';
import { runMocha } from './test/mocha.ts';

const TIMEOUT_MS = 60_000;
const asked = process.argv.slice(2);
const files = asked.some((argument) => argument.endsWith('.ts')) ? [] : ['tests/engines/**/*.test.ts'];

const missing = process.env.THROUGHLINE_ENGINES === undefined ? await missingPrograms() : [];
if (missing.length > 0) {
  console.error(`The tests on real engines cannot run here.\n${missing.join('\n')}`);
  console.log('0 passed, 0 failed');
  process.exitCode = 1;
} else {
  process.exitCode = await run();
}

async function run(): Promise<number> {
  // Fetched before the first test, whose patience is for engines that start and not for downloads.
  const { progress, end } = printedProgress();
  await fetchEngines({ progress }).finally(end);
  return runMocha(['--no-config', '--exit', '--timeout', String(TIMEOUT_MS), ...files, ...asked]);
}
