import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface SupervisedOptions {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Hears every line that it says, and what becomes of it. */
  readonly say: (line: string) => void;
}

const PAUSE = { firstMs: 500, maxMs: 10_000 } as const;
/** Who has lived so long is not failing at the start. */
const LIVELY_MS = 30_000;

/** A process that is started again when it ends without having been told to. */
export class Supervised {
  readonly name: string;
  readonly #options: SupervisedOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #isWanted = false;
  #pauseMs: number = PAUSE.firstMs;
  #again: NodeJS.Timeout | undefined;

  constructor(options: SupervisedOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#isWanted = true;
    if (this.#child === undefined) this.#spawn();
  }

  /** Tells it to drain, and resolves when it has ended. It stays away until `start`. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#again);
    this.#child?.kill('SIGTERM');
    await this.#ended;
  }

  /** A crash: SIGKILL. It comes back by itself, unless it was stopped before. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  #spawn(): void {
    const { program, args, directory, environment, say } = this.#options;
    const startedMs = Date.now();
    // Its standard input ends with us, also where we are killed; nothing is ever written there.
    const child = spawn(program, args, { cwd: directory, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    for (const output of [child.stdout, child.stderr]) createInterface({ input: output }).on('line', say);
    this.#ended = new Promise((resolve) => {
      let isOver = false;
      const over = (how: string): void => {
        if (isOver) return;
        isOver = true;
        this.#child = undefined;
        this.#after(how, Date.now() - startedMs);
        resolve();
      };
      child.once('error', (error) => over(`could not be started: ${error.message}`));
      child.once('close', (code, signal) => over(`ended with ${signal ?? code}`));
    });
  }

  #after(how: string, livedMs: number): void {
    const { say } = this.#options;
    if (!this.#isWanted) {
      say(how);
      return;
    }
    if (livedMs >= LIVELY_MS) this.#pauseMs = PAUSE.firstMs;
    say(`${how}; starts again in ${this.#pauseMs / 1_000} s`);
    this.#again = setTimeout(() => {
      if (this.#isWanted) this.#spawn();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(PAUSE.maxMs, this.#pauseMs * 2);
  }
}
