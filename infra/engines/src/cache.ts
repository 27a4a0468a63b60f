import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { missingPrograms, type Program, type Progress } from './programs.ts';

/** Where fetched and built engines are kept unless somebody says otherwise: outside of the repository, for every checkout. */
export const CACHE_DIRECTORY = join(homedir(), '.cache', 'throughline', 'engines');

export interface Build {
  /** With its version, e.g. `kafka-4.4.0`. */
  readonly name: string;
  /** Files that say what is built: when one changes, it is built anew. */
  readonly sources: readonly string[];
  readonly needs: readonly Program[];
  readonly what: string;
  /** Fills the directory. */
  build(directory: string): Promise<void>;
}

/**
 * The directory that a build filled, from the cache where it is there. It appears as a whole or not at all, so that a
 * build that was interrupted, or two at once, leave nothing half done.
 * Rejects with a sentence that says what to install where a program is missing.
 */
export async function cached(build: Build, cache: string, progress: Progress): Promise<string> {
  const hash = createHash('sha256');
  for (const source of build.sources) hash.update(await readFile(source)).update('\0');
  const directory = join(cache, `${build.name}-${hash.digest('hex').slice(0, 8)}`);
  if (existsSync(directory)) return directory;
  const missing = await missingPrograms(build.needs);
  if (missing.length > 0) throw new Error(missing.join('\n'));
  progress(`${build.what} (once, kept in ${cache})`);
  await mkdir(dirname(directory), { recursive: true });
  const partial = await mkdtemp(`${directory}.partial-`);
  try {
    await build.build(partial);
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
  return directory;
}
