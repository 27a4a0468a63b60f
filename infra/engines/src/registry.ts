import { join } from 'node:path';
import { CACHE_DIRECTORY, cached } from './cache.ts';
import { type Engine, runEngine } from './engine.ts';
import { type Progress, run } from './programs.ts';

export interface RegistryEngine extends Engine {
  readonly url: string;
}

export interface RegistryPlace {
  /** Absolute. */
  readonly directory: string;
  readonly port: number;
  readonly cache?: string;
  readonly progress: Progress;
}

const VERSION = '1.8.0';
const TITLE = `Schema registry (franz-go's ${VERSION})`;
const SOURCES = join(import.meta.dirname, '..', 'registry');
const BINARY = 'registry';
const ANSWER_PATIENCE_MS = 1000;

/**
 * A schema registry with Confluent's API on 127.0.0.1. Schemas keep their ids over a restart. It calls every schema
 * compatible: whether one is, `pnpm throughline schemas check` says.
 */
export async function startRegistry(place: RegistryPlace): Promise<RegistryEngine> {
  const { directory, port, progress } = place;
  const program = join(await fetchRegistry(place.cache ?? CACHE_DIRECTORY, progress), BINARY);
  const url = `http://127.0.0.1:${port}`;
  const engine = await runEngine(
    {
      title: TITLE,
      directory,
      ports: [port],
      command: async () => ({ program, args: [join(directory, 'changes.ndjson'), String(port)] }),
      answers: () => registryAnswers(url),
    },
    progress,
  );
  return Object.assign(engine, { url });
}

/** Builds the registry where it is not built yet; gives the directory of its program. */
export const fetchRegistry = (cache: string, progress: Progress): Promise<string> =>
  cached(
    {
      name: `registry-${VERSION}`,
      sources: ['go.mod', 'go.sum', 'main.go'].map((name) => join(SOURCES, name)),
      needs: ['go'],
      what: `${TITLE}: building it with Go`,
      build: async (target) => {
        await run('go', ['build', '-buildvcs=false', '-o', join(target, BINARY), '.'], SOURCES);
      },
    },
    cache,
    progress,
  );

/** Whether it lists its subjects. */
export const registryAnswers = (url: string): Promise<boolean> =>
  fetch(`${url}/subjects`, { signal: AbortSignal.timeout(ANSWER_PATIENCE_MS) }).then(
    (answer) => answer.ok,
    () => false,
  );
