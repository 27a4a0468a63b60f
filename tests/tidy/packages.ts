import { packageFolderOf } from './imports.ts';
import type { Rule, SourceFile, Violation } from './source.ts';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const EXACT = /^(?:npm:[^@]*@?[^@]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Every package has a package.json. */
export const everyPackage: Rule = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  return [...new Set([...paths].map(packageFolderOf))]
    .filter((folder) => !paths.has(folder === '' ? 'package.json' : `${folder}/package.json`))
    .map((folder) => ({ path: folder, problem: 'has no package.json' }));
};

/** Every package.json says what it is, and depends on exact versions. */
export const manifests: Rule = (files) => files.filter(({ path }) => /(^|\/)package\.json$/.test(path)).flatMap(faults);

function faults({ path, text }: SourceFile): readonly Violation[] {
  const manifest: Manifest = JSON.parse(text);
  const folder = packageFolderOf(path);
  const name = folder === '' ? 'throughline' : `@throughline/${folder.split('/').at(-1)}`;
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  const loose = Object.entries(all).filter(([, version]) => version !== 'workspace:*' && !EXACT.test(version));
  return [
    ...(manifest.name === name ? [] : [`is not named ${name}`]),
    ...(manifest.version === undefined || !EXACT.test(manifest.version) ? ['has no version'] : []),
    ...(manifest.license === undefined ? ['has no license'] : []),
    ...(manifest.type === 'module' ? [] : ['is not an ES module']),
    ...loose.map(([dependency, version]) => `depends on ${dependency} ${version}, which is not an exact version`),
  ].map((problem) => ({ path, problem }));
}
