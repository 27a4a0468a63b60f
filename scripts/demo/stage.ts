import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mesh, type MeshOptions, startMesh } from '@throughline/mesh/mesh';
import { readSettings } from '@throughline/mesh/settings';
import { CallClient, type CallOptions } from './call-client.ts';
import { ChatClient } from './chat-client.ts';
import { hostToken } from './host-token.ts';
import { MailClient } from './mail-client.ts';

const PROVIDER = 'provider.example';
export const MAIL_DOMAIN = 'support.example';

/** How the stage's mesh is started; in this process on the embedded default unless another way is given. */
export type Start = (environment: Readonly<Record<string, string>>, directory: string) => Promise<StagedMesh>;
export type StagedMesh = Pick<Mesh, 'url' | 'smtp' | 'operatorToken' | 'demoBackend' | 'stop'>;

export interface StageOptions extends MeshOptions {
  readonly start?: Start;
}

/** A mesh of its own in a folder of its own, with a customer's chat window, phone and mailbox around it, all over real sockets. */
export class Stage {
  readonly mail: MailClient;
  readonly directory: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #start: Start;
  #mesh: StagedMesh;
  #isUp = true;

  private constructor(parts: {
    mail: MailClient;
    directory: string;
    environment: Readonly<Record<string, string>>;
    start: Start;
    mesh: StagedMesh;
  }) {
    this.mail = parts.mail;
    this.directory = parts.directory;
    this.#environment = parts.environment;
    this.#start = parts.start;
    this.#mesh = parts.mesh;
  }

  /** `environment` overrides what the stage sets. */
  static async open(environment: Readonly<Record<string, string>> = {}, options: StageOptions = {}): Promise<Stage> {
    const mail = await MailClient.open(PROVIDER);
    const directory = mkdtempSync(join(tmpdir(), 'throughline-'));
    const set = {
      ...stageEnvironment(directory, mail.url),
      ...environment,
    };
    const start: Start = options.start ?? ((all, place) => startMesh(readSettings(all, place), options));
    const mesh = await start(set, directory);
    return new Stage({ mail, directory, environment: set, start, mesh });
  }

  get mesh(): StagedMesh {
    return this.#mesh;
  }

  /** Stops the mesh and starts it again on the same data, after what is done to them `meanwhile`. */
  async restart(meanwhile: () => Promise<void> | void = () => undefined): Promise<void> {
    await this.#mesh.stop();
    this.#isUp = false;
    await meanwhile();
    this.#mesh = await this.#start(this.#environment, this.directory);
    this.#isUp = true;
  }

  async close(): Promise<void> {
    if (this.#isUp) await this.#mesh.stop();
    await this.mail.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A customer who is logged in on the host site. */
  async loggedIn(externalId: string): Promise<ChatClient> {
    return ChatClient.open(this.mesh.url, { hostToken: await this.hostToken(externalId) });
  }

  hostToken(externalId: string): Promise<string> {
    return hostToken(this.#environment.THROUGHLINE_CHAT_HOST_SECRET ?? '', externalId);
  }

  anonymous(): Promise<ChatClient> {
    return ChatClient.open(this.mesh.url, {});
  }

  call(options: Pick<CallOptions, 'from' | 'callSid' | 'attestation'>): Promise<CallClient> {
    return CallClient.dial({
      ...options,
      url: this.mesh.url,
      authToken: this.#environment.THROUGHLINE_TWILIO_AUTH_TOKEN ?? '',
    });
  }

  webhook(options: Pick<CallOptions, 'from' | 'callSid' | 'attestation'>): Promise<Response> {
    return CallClient.webhook({
      ...options,
      url: this.mesh.url,
      authToken: this.#environment.THROUGHLINE_TWILIO_AUTH_TOKEN ?? '',
    });
  }

  /** The operators' API; throws what it answers where that is no success. */
  async api<Body = Record<string, unknown>>(path: string, init: RequestInit = {}): Promise<Body> {
    const response = await this.fetch(path, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Body;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.mesh.url}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${this.mesh.operatorToken}` },
    });
  }

  async importCustomers(customers: readonly unknown[]): Promise<void> {
    const body = customers.map((customer) => JSON.stringify(customer)).join('\n');
    await this.api('/api/customers/import', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
    });
  }
}

/** Secrets are made for each run; ports are whatever is free. */
export const stageEnvironment = (directory: string, smtpOut: string): Record<string, string> => ({
  THROUGHLINE_DATA_DIR: directory,
  THROUGHLINE_HTTP_PORT: '0',
  THROUGHLINE_SMTP_PORT: '0',
  THROUGHLINE_LOG_LEVEL: 'error',
  THROUGHLINE_SMTP_OUT: smtpOut,
  THROUGHLINE_EMAIL_AUTH: `authserv-id:${PROVIDER}`,
  THROUGHLINE_MAIL_DOMAINS: MAIL_DOMAIN,
  THROUGHLINE_CHAT_HOST_SECRET: randomBytes(24).toString('hex'),
  THROUGHLINE_TWILIO_AUTH_TOKEN: randomBytes(16).toString('hex'),
});
