import { codeOf, importsOf, isTest, type Rule, type SourceFile, type Violation } from './source.ts';

/** Files that may not touch the world, by the design: same input, same result, so that every run can be replayed. */
const isPure = (path: string): boolean =>
  !isTest(path) &&
  (/^infra\/(kernel|language)\/src\//.test(path) ||
    /^(services|infra)\/.*\/(decide|normalize|render|view)[\w-]*\.ts$/.test(path) ||
    /^services\/.*\/playbooks\//.test(path));

/** Exceptions, each with its reason. A file that is not named here has none. */
export const PURITY_EXCEPTIONS: Readonly<Record<string, { readonly allows: RegExp; readonly because: string }>> = {};

const IMPURE_CALL =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bset(?:Timeout|Interval|Immediate)\b|\bprocess\.\w+|\bperformance\.now\b|\b(?:await|return|globalThis\.)\s*fetch\(/g;
const IMPURE_IMPORT =
  /^(?:node:)?(?:fs|net|tls|dns|dgram|http|https|http2|child_process|timers|worker_threads|readline|process)(?:\/|$)/;

/** Pure rooms call no clock, no chance, no environment and no I/O; they are handed what they need. */
export const purity: Rule = (files) => files.filter(({ path }) => isPure(path)).flatMap(impurities);

function impurities({ path, text }: SourceFile): readonly Violation[] {
  const calls = [...codeOf(text, 'blank').matchAll(IMPURE_CALL)].map((match) => match[0]);
  const imports = importsOf(text).filter((name) => IMPURE_IMPORT.test(name));
  const allowed = PURITY_EXCEPTIONS[path]?.allows;
  return [...new Set([...calls, ...imports])]
    .filter((found) => allowed?.test(found) !== true)
    .map((found) => ({ path, problem: `is a pure room and uses ${found}: take it as an argument` }));
}

/** The one file that reads the mesh's configuration for all of its parts. */
const CONFIGURATION = 'infra/mesh/src/configuration.ts';

const readsConfiguration = (path: string): boolean =>
  isTest(path) || path.startsWith('scripts/') || path === CONFIGURATION || /(^|\/)main\.ts$/.test(path);

/** Only a `main.ts` and the mesh's configuration read the environment. */
export const configuration: Rule = (files) =>
  files
    .filter(({ path }) => /\.ts$/.test(path) && !readsConfiguration(path))
    .filter(({ text }) => /\bprocess\.env\b|\bprocess\[/.test(codeOf(text, 'blank')))
    .map(({ path }) => ({ path, problem: 'reads process.env: only main.ts does' }));
