import { importsOf, isCode, isTest, type Rule, type SourceFile, type Violation } from './source.ts';

/** What the code of a package may import of ours. Services are not listed: they may import `FOR_SERVICES`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  language: [],
  sqlite: [],
  schemas: ['kernel'],
  'log-embedded': ['kernel', 'sqlite'],
  'store-embedded': ['kernel', 'sqlite'],
  'log-kafka': ['kernel', 'schemas'],
  registry: ['kernel', 'schemas'],
  mongo: ['kernel'],
  'store-mongo': ['kernel', 'mongo'],
  blobs: ['kernel', 'sqlite', 'mongo'],
  keyring: ['kernel', 'sqlite', 'mongo'],
  engines: [],
  telemetry: ['kernel', 'schemas'],
  http: ['kernel', 'telemetry'],
  gateway: ['kernel', 'language', 'schemas', 'telemetry', 'http'],
  service: ['kernel', 'schemas', 'telemetry', 'http'],
  platform: [
    ...['kernel', 'schemas', 'telemetry', 'http', 'service'],
    ...['log-kafka', 'registry', 'mongo', 'store-mongo', 'blobs', 'keyring'],
  ],
  front: ['http', 'platform'],
};
const FOR_SERVICES = ['kernel', 'language', 'schemas', 'gateway', 'http', 'telemetry', 'service'];
/** A service's `main.ts` alone knows which adapters it runs on. */
const FOR_MAIN = [...FOR_SERVICES, 'platform'];
const SCOPE = '@throughline/';

/** The folder of the package that a file belongs to; the root package's is empty. What is only deployed is nobody's code. */
export const packageFolderOf = (path: string): string =>
  /^(?:schemas|(?:services|infra)\/(?!deploy\/)[^/]+)(?=\/)/.exec(path)?.[0] ?? '';

const nameOf = (folder: string): string => folder.split('/').at(-1) ?? '';

/** Imports go down: services stand on infra, adapters on the kernel, the kernel on nothing. Only the mesh, scripts and tests see everything. */
export const directions: Rule = (files) => files.filter(({ path }) => isCode(path)).flatMap(wrongDirections);

function wrongDirections({ path, text }: SourceFile): readonly Violation[] {
  const folder = packageFolderOf(path);
  if (folder === '' || folder === 'infra/mesh' || isTest(path)) return [];
  const name = nameOf(folder);
  const forServices = path === `${folder}/src/main.ts` ? FOR_MAIN : FOR_SERVICES;
  const allowed = [name, ...(folder.startsWith('services/') ? forServices : (MAY_IMPORT[name] ?? []))];
  return importsOf(text)
    .filter((imported) => imported.startsWith(SCOPE) && !allowed.includes(imported.split('/')[1] ?? ''))
    .map((imported) => ({ path, problem: `${name} may not import ${imported}` }));
}

/** A new package of infra says here what it stands on. */
export const directionsAreStated: Rule = (files) => {
  const folders = new Set(
    files.map(({ path }) => packageFolderOf(path)).filter((folder) => folder.startsWith('infra/')),
  );
  return [...folders]
    .filter((folder) => folder !== 'infra/mesh' && MAY_IMPORT[nameOf(folder)] === undefined)
    .map((path) => ({ path, problem: 'is not in MAY_IMPORT: say what it may import' }));
};

/** Relative imports stay inside the package and name the file with its ending. */
export const relativeImports: Rule = (files) =>
  files
    .filter(({ path }) => /\.ts$/.test(path))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .filter((imported) => imported.startsWith('.'))
        .filter((imported) => !/\.(ts|js|mjs|cjs|json)$/.test(imported) || leavesPackage(path, imported))
        .map((imported) => ({
          path,
          problem: `imports ${imported}: a file of this package with its ending, or @throughline/…`,
        })),
    );

function leavesPackage(path: string, imported: string): boolean {
  const target: string[] = path.split('/').slice(0, -1);
  for (const part of imported.split('/')) {
    if (part === '..') target.pop();
    else if (part !== '.') target.push(part);
  }
  return packageFolderOf(target.join('/')) !== packageFolderOf(path);
}

/** What a package's code imports, its package.json declares; tests and scripts have the root's. */
export const declaredImports: Rule = (files) => {
  const manifests = new Map(
    files.filter(({ path }) => /(^|\/)package\.json$/.test(path)).map(({ path, text }) => [path, dependenciesIn(text)]),
  );
  return files
    .filter(({ path }) => isCode(path))
    .flatMap(({ path, text }) => {
      const folder = packageFolderOf(path);
      const manifest = folder === '' ? 'package.json' : `${folder}/package.json`;
      const declared = [
        ...(manifests.get(manifest) ?? []),
        ...(isTest(path) ? (manifests.get('package.json') ?? []) : []),
      ];
      return importsOf(text)
        .filter((imported) => !/^(\.|node:|#)/.test(imported) && !declared.includes(packageOf(imported)))
        .filter((imported) => packageOf(imported) !== `${SCOPE}${nameOf(folder)}`)
        .map((imported) => ({ path, problem: `imports ${imported}, which ${manifest} does not declare` }));
    });
};

function dependenciesIn(text: string): readonly string[] {
  const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(text);
  return [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})];
}

const packageOf = (imported: string): string =>
  imported
    .split('/')
    .slice(0, imported.startsWith('@') ? 2 : 1)
    .join('/');
