import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { plainKeyring } from '@throughline/gateway/testing/memory-log';
import { Stage, until } from '@throughline/gateway/testing/stage';
import type { Turn } from '@throughline/schemas/generated/messages';
import express from 'express';
import twilio from 'twilio';
import { WebSocket } from 'ws';
import { createVoiceGateway, type VoiceGateway } from '../gateway.ts';

export const AUTH_TOKEN = 'test-auth-token';
export const CALLER = '+14155550132';

/** A voice gateway behind a real socket, with a carrier's hands on it and doubles behind it. */
export class Phone {
  readonly stage: Stage;
  readonly #server: Server;
  readonly gateway: VoiceGateway;
  readonly #relays: RelayEnd[] = [];
  publicUrl = '';

  constructor(authToken: string | undefined = AUTH_TOKEN, stage = new Stage()) {
    this.stage = stage;
    const note = (event: string) => void stage.reports.push(event);
    let drawn = 0;
    this.gateway = createVoiceGateway({
      switchboard: stage.another(),
      keyring: plainKeyring,
      authToken,
      publicUrl: () => this.publicUrl,
      clock: stage.clock,
      random: (bytes) => {
        drawn += 1;
        return new Uint8Array(bytes).fill(drawn);
      },
      reporter: { info: note, warn: note, error: note },
      region: 'US',
      busy: () => stage.busy,
    });
    this.#server = createServer(express().use(this.gateway.router));
    this.#server.on('upgrade', (request, socket, head) => {
      if (!this.gateway.upgrade(request, socket, head)) socket.destroy();
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.publicUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async hangUpAll(): Promise<void> {
    for (const relay of this.#relays) relay.socket.terminate();
    await this.gateway.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** What has come of what callers said, in the order of the log. */
  turns(): readonly Turn[] {
    return this.stage.cases.inputsOf('CustomerSaid').map((input) => input.body.turn);
  }

  texts(): readonly string[] {
    return this.turns().map((turn) => turn.text);
  }

  /** How callers have left, in the order of the log. */
  left(): readonly string[] {
    return this.stage.cases.inputsOf('ContactLeft').map((input) => input.body.reason);
  }

  get relayUrl(): string {
    return `${this.publicUrl.replace('http', 'ws')}/voice/relay`;
  }

  /** What the carrier posts, with its signature unless another is given. */
  async post(path: string, form: Record<string, string>, signature?: string): Promise<Response> {
    const url = `${this.publicUrl}${path}`;
    return await fetch(url, {
      method: 'POST',
      headers: { 'x-twilio-signature': signature ?? twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, form) },
      body: new URLSearchParams(form),
    });
  }

  /** The parameters of the TwiML that the carrier gets for a call. */
  async ring(form: Record<string, string> = {}, path = '/voice/incoming'): Promise<Record<string, string>> {
    const response = await this.post(path, {
      CallSid: 'CA1',
      From: CALLER,
      StirVerstat: 'TN-Validation-Passed-A',
      ...form,
    });
    const twiml = await response.text();
    const parameters = [...twiml.matchAll(/<Parameter name="([^"]*)" value="([^"]*)"\/>/g)];
    return Object.fromEntries(parameters.map(([, name = '', value = '']) => [name, value]));
  }

  /** Opens the relay as the carrier does. */
  async relay(signature?: string, url = this.relayUrl): Promise<RelayEnd> {
    const socket = new WebSocket(url, {
      headers: { 'x-twilio-signature': signature ?? twilio.getExpectedTwilioSignature(AUTH_TOKEN, this.relayUrl, {}) },
    });
    const end = new RelayEnd(socket);
    this.#relays.push(end);
    await until('the handshake is answered', () => end.refusedWith !== undefined || end.isOpen());
    return end;
  }

  /** A call whose relay has been set up and that the case knows. */
  async call(callSid = 'CA1', form: Record<string, string> = {}): Promise<RelayEnd> {
    const customParameters = await this.ring({ CallSid: callSid, ...form });
    const relay = await this.relay();
    const before = this.stage.cases.inputsOf('ContactStarted').length;
    relay.send({ type: 'setup', sessionId: 'VX1', callSid, from: CALLER, customParameters });
    await until('the contact has started', () => this.stage.cases.inputsOf('ContactStarted').length > before);
    return relay;
  }
}

/** The carrier's end of a relay. */
export class RelayEnd {
  readonly socket: WebSocket;
  readonly frames: Record<string, unknown>[] = [];
  closedWith: number | undefined;
  /** The status that the handshake was refused with. */
  refusedWith: number | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.frames.push(JSON.parse(data.toString())));
    socket.on('close', (code) => {
      this.closedWith = code;
    });
    socket.on('unexpected-response', (_request, response) => {
      this.refusedWith = response.statusCode;
      response.resume();
    });
    socket.on('error', () => {});
  }

  comesToAClose(): Promise<void> {
    return until('the relay is closed', () => this.closedWith !== undefined);
  }

  isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  says(...prompts: readonly string[]): void {
    for (const voicePrompt of prompts) this.send({ type: 'prompt', voicePrompt, lang: 'en-US', last: true });
  }

  presses(keys: string): void {
    for (const digit of keys) this.send({ type: 'dtmf', digit });
  }

  /** What the caller has heard. */
  heard(): unknown[] {
    return this.frames.filter((frame) => frame.type === 'text').map((frame) => frame.token);
  }
}
