import fc from 'fast-check';
import type { Seeds } from './seeds.ts';

/** A place where input from outside comes in. */
export interface DoorKind<Input> {
  readonly name: string;
  /** One line for people: what it is fed with, and what it has to do with that. */
  readonly about: string;
  /** After how many inputs it is opened anew: one seed names that many inputs. */
  readonly inputsPerOpening: number;
  inputs(seeds: Seeds): fc.Arbitrary<Input>;
  open(): Promise<OpenDoor<Input>>;
}

export interface OpenDoor<Input> {
  /** Feeds one input and then a good one. Rejects with `Violation` where a law of the doors does not hold. */
  feed(input: Input): Promise<void>;
  close(): Promise<void>;
}

/** A door did not do what every door has to do. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function demand(holds: boolean, law: string): asserts holds {
  if (!holds) throw new Violation(law);
}

/** What is told of each input as it is fed, so that whoever watches sees a door that hangs. */
export interface Watcher {
  fed(inputs: number): void;
  /** Takes what crashed since it was asked last: exceptions and rejections that nobody handled. */
  crashes(): readonly string[];
}

export interface Finding {
  readonly door: string;
  readonly seed: number;
  /** Which law, and how it failed. */
  readonly problem: string;
  /** The shortest input that shrinking found; undefined where the door never came back from it. */
  readonly input: string | undefined;
}

export interface Outcome {
  readonly inputs: number;
  readonly finding?: Finding;
}

/** A door of any kind of input. */
export interface Fuzzable {
  readonly name: string;
  readonly about: string;
  readonly inputsPerOpening: number;
  /** Feeds so many inputs of one seed. */
  run(options: SliceOptions): Promise<Outcome>;
}

export interface SliceOptions {
  readonly seed: number;
  readonly inputs: number;
  readonly seeds: Seeds;
  readonly watcher: Watcher;
}

export const fuzzable = <Input>(kind: DoorKind<Input>): Fuzzable => ({
  name: kind.name,
  about: kind.about,
  inputsPerOpening: kind.inputsPerOpening,
  run: (options) => runSlice(kind, options),
});

/** How long one input may keep the thread with the good one behind it, in milliseconds of the processor, whoever else is on it. */
const INPUT_MS_MAX = 1000;
/** How long it may be waited for, in milliseconds: other processes are on the machine as well. */
const WAIT_MS_MAX = 10_000;
/** How long a finding is made shorter, in milliseconds. */
const SHRINK_MS_MAX = 30_000;

async function runSlice<Input>(
  kind: DoorKind<Input>,
  { seed, inputs, seeds, watcher }: SliceOptions,
): Promise<Outcome> {
  let door: OpenDoor<Input> | undefined;
  let fed = 0;
  let failedAtMs: number | undefined;
  const close = async (): Promise<void> => {
    const closing = door;
    door = undefined;
    await closing?.close();
  };

  const feed = async (input: Input): Promise<void> => {
    door ??= await kind.open();
    const startMs = performance.now();
    const before = process.threadCpuUsage();
    await door.feed(input);
    const tookMs = process.threadCpuUsage(before).user / 1000;
    demand(tookMs <= INPUT_MS_MAX, `The input kept its door for ${Math.round(tookMs)} ms.`);
    const waitedMs = performance.now() - startMs;
    demand(waitedMs <= WAIT_MS_MAX, `The input was waited for for ${Math.round(waitedMs)} ms.`);
  };

  const property = fc.asyncProperty(kind.inputs(seeds), async (input) => {
    if (failedAtMs !== undefined && performance.now() > failedAtMs + SHRINK_MS_MAX) return;
    try {
      await feed(input);
      await new Promise((resolve) => setImmediate(resolve));
      const crashes = watcher.crashes();
      demand(crashes.length === 0, `A crash: ${crashes.join('; ')}`);
    } catch (problem) {
      failedAtMs ??= performance.now();
      // What comes next meets a door that nothing has happened to.
      await close();
      throw problem;
    } finally {
      fed += 1;
      watcher.fed(fed);
    }
  });
  try {
    const { failed, counterexample, errorInstance } = await fc.check(property, { seed, numRuns: inputs });
    if (!failed) return { inputs: fed };
    const problem = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : 'unknown';
    const finding = { door: kind.name, seed, problem, input: shortened(fc.stringify(counterexample?.[0])) };
    return { inputs: fed, finding };
  } finally {
    await close();
  }
}

/** What is there many times is printed once, with how often it was there. */
const shortened = (text: string): string =>
  text.replace(/(.{1,8}?)\1{30,}/gsu, (all: string, once: string) => `«${once}»×${all.length / once.length}`);
