import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MailClient } from '../../../scripts/demo/mail-client.ts';
import { stageEnvironment } from '../../../scripts/demo/stage.ts';
import { freePort } from '../ports.ts';

export interface Running {
  readonly url: string;
  readonly smtp: { readonly host: string; readonly port: number };
  readonly token: string;
}

/** A mesh that dies and is started again on the same data and ports, as a supervisor would. */
export class Survivor {
  readonly mail: MailClient;
  readonly environment: Readonly<Record<string, string>>;
  deaths = 0;
  #child: ChildProcess | undefined;
  #running: Promise<Running>;
  #closed = false;

  private constructor(mail: MailClient, environment: Readonly<Record<string, string>>, crashAt: string) {
    this.mail = mail;
    this.environment = environment;
    this.#running = this.#start(crashAt);
  }

  static async open(options: { actionsFile: string; crashAt?: string }): Promise<Survivor> {
    const mail = await MailClient.open('provider.example');
    const environment = {
      ...stageEnvironment(mkdtempSync(join(tmpdir(), 'throughline-crash-')), mail.url),
      THROUGHLINE_ACTIONS: options.actionsFile,
      THROUGHLINE_HTTP_PORT: String(await freePort()),
      THROUGHLINE_SMTP_PORT: String(await freePort()),
      THROUGHLINE_ADMIN_TOKEN: 'operator-token-of-the-crash-tests',
    };
    return new Survivor(mail, environment, options.crashAt ?? '');
  }

  /** Where it is; waits while it is being started again. */
  running(): Promise<Running> {
    return this.#running;
  }

  /** What `kill -9` does. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await this.mail.close();
    rmSync(this.environment.THROUGHLINE_DATA_DIR ?? '', { recursive: true, force: true });
  }

  #start(crashAt: string): Promise<Running> {
    const script = join(import.meta.dirname, 'mesh.ts');
    const child = spawn(process.execPath, [script], {
      env: { PATH: process.env.PATH ?? '', ...this.environment, CRASH_AT: crashAt },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Running));
      child.once('exit', (code, signal) => {
        if (this.#closed) return;
        if (signal !== 'SIGKILL') {
          reject(new Error(`The mesh ended by itself with ${code ?? signal}.`));
          return;
        }
        this.deaths += 1;
        this.#running = this.#start('');
        this.#running.then(resolve, reject);
      });
    });
  }
}
