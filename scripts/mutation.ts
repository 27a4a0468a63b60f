/**
 * `pnpm mutation [--workers 2] [kernel case-state identity-resolution | file…]`: how many small changes of the code its unit tests notice. Exit 1
 * where the score of a package is below 85, or of the files where some are named. What was found is kept in `.mutation`, so that the next run
 * plays only what has changed; the report is there too.
 */
import { join, matchesGlob } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';

const SCORE_MIN = 85;
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

const { positionals: asked, values } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: 'string', default: '2' } },
});
const filesOf = ({ mutate }: { readonly mutate: readonly string[] }): readonly string[] => {
  const [included = '', ...excluded] = mutate;
  return asked.filter(
    (path) => matchesGlob(path, included) && !excluded.some((pattern) => matchesGlob(path, pattern.slice(1))),
  );
};
const unknown = asked.find(
  (each) => PACKAGES[each] === undefined && !Object.values(PACKAGES).some((one) => filesOf(one).includes(each)),
);
if (unknown !== undefined) {
  console.error(`${unknown} is no package (${Object.keys(PACKAGES).join(', ')}) and no file of one that is mutated.`);
  process.exit(2);
}
process.chdir(root);
process.env.THROUGHLINE_TREE = root;
for (const [name, { mutate, tests }] of Object.entries(PACKAGES)) {
  const files = filesOf({ mutate });
  if (asked.length > 0 && !asked.includes(name) && files.length === 0) continue;
  console.log(`\n${name}`);
  await new Stryker({
    mutate: files.length > 0 ? [...files] : [...mutate],
    testRunner: 'mocha',
    testRunnerNodeArgs: ['--import', pathToFileURL(join(root, 'scripts/mutation/own-code.ts')).href],
    mochaOptions: { 'no-config': true, spec: [...tests] },
    plugins: ['@stryker-mutator/mocha-runner', join(root, 'scripts/mutation/prose.ts')],
    ignorers: ['prose'],
    coverageAnalysis: 'perTest',
    concurrency: Number(values.workers),
    // Most of what hangs waits for an event that never comes; the whole of a suite takes seconds.
    timeoutMS: 2_000,
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
