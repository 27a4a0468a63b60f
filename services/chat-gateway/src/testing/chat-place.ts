import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { plainKeyring } from '@throughline/gateway/testing/memory-log';
import { Stage, until } from '@throughline/gateway/testing/stage';
import express from 'express';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { type ChatGateway, createChatGateway } from '../gateway.ts';

export const HOST_SECRET = 'a secret of the host site that nobody else knows';

/** A chat gateway behind a real port on loopback, with everything behind it played by doubles. */
export class ChatPlace {
  readonly stage = new Stage();
  readonly gateway: ChatGateway;
  readonly #server: Server;
  #random = 0;

  constructor(hostSecret: string | undefined = HOST_SECRET, trustedProxies: readonly string[] = []) {
    const { switchboard, clock } = this.stage;
    const random = (bytes: number) => {
      this.#random += 1;
      return new Uint8Array(bytes).fill(this.#random);
    };
    const reporter = { info() {}, warn() {}, error() {} };
    const settings = { hostSecret, clock, random, reporter, region: 'US', trustedProxies };
    this.gateway = createChatGateway({ switchboard, keyring: plainKeyring, ...settings });
    this.#server = createServer(express().use(this.gateway.router));
    this.#server.on('upgrade', (request, socket, head) => {
      if (!this.gateway.upgrade(request, socket, head)) socket.destroy();
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.stage.switchboard.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async post(body: unknown): Promise<{ status: number; type: string | null; json: Readonly<Record<string, string>> }> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`http://${this.address}/chat/sessions`, { method: 'POST', headers, body: text });
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      json: (await answer.json()) as Readonly<Record<string, string>>,
    };
  }

  async session(body: unknown = {}): Promise<{ sessionToken: string; contactId: string }> {
    const { status, json } = await this.post(body);
    const { sessionToken, contactId } = json;
    if (status !== 201 || sessionToken === undefined || contactId === undefined)
      throw new Error(`No session: ${status}`);
    return { sessionToken, contactId };
  }

  /** A host token as the host site would sign it. */
  async hostToken(claims: Readonly<Record<string, unknown>> = {}, secret = HOST_SECRET): Promise<string> {
    const nowS = Math.floor(this.stage.clock.nowMs() / 1000);
    return new SignJWT({ sub: 'crm-1', exp: nowS + 300, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret));
  }

  /** A session with a socket whose contact has started. */
  async begin(body: unknown = {}) {
    const session = await this.session(body);
    const started = () => this.stage.cases.inputsOf('ContactStarted').length;
    const before = started();
    const client = await this.open(session.sessionToken);
    await until('the contact has started', () => started() > before);
    return { ...session, client };
  }

  /** Opens a socket; rejects with the HTTP status where the upgrade is refused. */
  async open(
    sessionToken: string,
    protocols = ['throughline.v1', `token.${sessionToken}`],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ChatClient> {
    const socket = new WebSocket(`ws://${this.address}/chat/socket`, protocols, { headers });
    const client = new ChatClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))));
      socket.once('error', reject);
    });
    return client;
  }
}

/** A client that writes down the frames it gets. */
export class ChatClient {
  readonly socket: WebSocket;
  readonly frames: Readonly<Record<string, string>>[] = [];
  closed: number | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.frames.push(JSON.parse(data.toString())));
    socket.on('close', (code) => {
      this.closed = code;
    });
    socket.on('error', () => {});
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  of(type: string): readonly Readonly<Record<string, string>>[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  async got(type: string, count = 1): Promise<readonly Readonly<Record<string, string>>[]> {
    await until(`${count} ${type} frames are here`, () => this.of(type).length >= count);
    return this.of(type);
  }

  async drop(): Promise<void> {
    this.socket.terminate();
    await until('the socket is closed', () => this.closed !== undefined);
  }
}
