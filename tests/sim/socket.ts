import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';

/** What whoever is at the other end does with what comes. */
export interface OtherEnd {
  frame(frame: string): void;
  /** The connection is gone: `code` as in RFC 6455, 1006 where nobody said good-bye. */
  cut(code: number): void;
}

const NOBODY_SAID = 1006;

/** A WebSocket without a network: the gateway's code on one end, a customer or a carrier on the other. */
export class SimSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readonly bufferedAmount = 0;
  readyState = 1;
  readonly #other: OtherEnd;
  /** The gateway's process is no more: it says nothing and hears nothing. */
  #isDead = false;

  constructor(other: OtherEnd) {
    super();
    this.#other = other;
  }

  /** As the gateways take it. */
  get webSocket(): WebSocket {
    return this as unknown as WebSocket;
  }

  // ---------------------------------------------------------------- the gateway's end

  send(frame: string, done?: (failure?: Error) => void): void {
    if (this.readyState !== this.OPEN) {
      done?.(new Error('It is closed.'));
      return;
    }
    this.#other.frame(frame);
    done?.();
  }

  close(code: number): void {
    this.#close(code);
  }

  terminate(): void {
    this.#close(NOBODY_SAID);
  }

  ping(): void {
    this.emit('pong');
  }

  // ---------------------------------------------------------------- the other end

  receive(frame: object): void {
    if (this.readyState === this.OPEN && !this.#isDead) this.emit('message', Buffer.from(JSON.stringify(frame)), false);
  }

  /** The customer closes it in good order, or just goes. */
  hangUp(code = NOBODY_SAID): void {
    if (this.readyState !== this.OPEN) return;
    this.readyState = this.CLOSED;
    if (!this.#isDead) this.emit('close', code);
  }

  /** The gateway's process is gone. */
  die(): void {
    this.#isDead = true;
    if (this.readyState !== this.OPEN) return;
    this.readyState = this.CLOSED;
    this.#other.cut(NOBODY_SAID);
  }

  #close(code: number): void {
    if (this.readyState !== this.OPEN) return;
    this.readyState = this.CLOSED;
    this.emit('close', code);
    this.#other.cut(code);
  }
}
