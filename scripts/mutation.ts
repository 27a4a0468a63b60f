/**
 * `pnpm mutation [kernel case-state identity-resolution]`: how many small changes of the code its unit tests notice. Exit 1 where the score
 * of a package is below 85. What was found is kept in `.mutation`, so that the next run plays only what has changed; the report is there too.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stryker } from '@stryker-mutator/core';

const SCORE_MIN = 85;
const WORKERS = 2;
const root = join(import.meta.dirname, '..');
const EDGES = '{api,main,service,view,paths,paging,problems,requests,*-schemas,import,import-line}';

/** What is mutated, and the tests that must notice. */
const PACKAGES: Readonly<Record<string, { readonly mutate: readonly string[]; readonly tests: readonly string[] }>> = {
  kernel: {
    mutate: ['infra/kernel/src/**/*.ts', '!**/*.test.ts'],
    tests: ['infra/kernel/src/**/*.test.ts', 'tests/kernel/*.test.ts'],
  },
  'case-state': decidersOf('case-state'),
  'identity-resolution': decidersOf('identity-resolution'),
};

/** The pure rooms of a service: what decides, and not what shows, serves or wires it. */
function decidersOf(service: string) {
  const src = `services/${service}/src`;
  return {
    mutate: [`${src}/**/*.ts`, '!**/*.test.ts', `!${src}/specification*.ts`, `!${src}/${EDGES}.ts`],
    tests: [`${src}/**/*.test.ts`],
  };
}

const asked = process.argv.slice(2);
const unknown = asked.find((name) => PACKAGES[name] === undefined);
if (unknown !== undefined) {
  console.error(`There is no package ${unknown}: ${Object.keys(PACKAGES).join(', ')}.`);
  process.exit(2);
}
process.chdir(root);
process.env.THROUGHLINE_TREE = root;
for (const [name, { mutate, tests }] of Object.entries(PACKAGES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${name}`);
  await new Stryker({
    mutate: [...mutate],
    testRunner: 'mocha',
    testRunnerNodeArgs: ['--import', pathToFileURL(join(root, 'scripts/mutation/own-code.ts')).href],
    mochaOptions: { 'no-config': true, spec: [...tests] },
    plugins: ['@stryker-mutator/mocha-runner', join(root, 'scripts/mutation/prose.ts')],
    ignorers: ['prose'],
    coverageAnalysis: 'perTest',
    concurrency: WORKERS,
    checkers: [],
    // Stryker would rewrite the paths in it with a compiler that has no JavaScript API any more; nothing here is compiled.
    tsconfigFile: '.mutation/none.json',
    incremental: true,
    incrementalFile: `.mutation/${name}.json`,
    tempDirName: '.mutation/tree',
    ignorePatterns: ['.mutation', '.throughline', 'coverage', 'dist'],
    reporters: ['clear-text', 'progress', 'html'],
    htmlReporter: { fileName: `.mutation/${name}.html` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: SCORE_MIN, low: SCORE_MIN, break: SCORE_MIN },
    allowEmpty: false,
  }).runMutationTest();
}
