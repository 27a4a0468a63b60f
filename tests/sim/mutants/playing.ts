import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Mutant } from './planting.ts';

/** A law that does not hold in the history of a seed. */
export interface Caught {
  readonly seed: number;
  readonly violation: string;
}

/** What became of a mutant: caught, or why it was not. */
export interface Ended {
  readonly mutant: Mutant;
  readonly caught: Caught | undefined;
  /** Set where its process ended by itself: such a bug says nothing about the laws and is not caught. */
  readonly broken: string | undefined;
  readonly seconds: number;
}

const run = promisify(execFile);
const catcher = join(import.meta.dirname, 'catcher.ts');

/** Plays the seeds 1, 2, … with the bug planted, in a process of its own, until a law does not hold. */
export async function playUntilCaught(mutant: Mutant, seedsMax: number): Promise<Ended> {
  const startMs = performance.now();
  const ended = (caught: Caught | undefined, broken: string | undefined): Ended => ({
    mutant,
    caught,
    broken,
    seconds: (performance.now() - startMs) / 1000,
  });
  try {
    const [caught] = await play(mutant.name, `1-${seedsMax}`);
    return ended(caught, undefined);
  } catch (broken) {
    return ended(undefined, sentenceOf(broken));
  }
}

/** The seeds among these that break a law without any bug: they prove nothing about a mutant. */
export async function playUnplanted(seeds: readonly number[]): Promise<readonly Caught[]> {
  return seeds.length === 0 ? [] : play('none', seeds.join());
}

async function play(name: string, seeds: string): Promise<readonly Caught[]> {
  const { stdout } = await run(process.execPath, [catcher, name, seeds]);
  return JSON.parse(stdout) as readonly Caught[];
}

function sentenceOf(broken: unknown): string {
  const { stderr } = broken as { readonly stderr?: string };
  const lines = (stderr ?? String(broken)).split('\n').map((line) => line.trim());
  return (
    lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.find((line) => line !== '') ?? 'It ended without a word.'
  );
}
