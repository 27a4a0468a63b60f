import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';

/** What the gateways use of a WebSocket, without a network. */
export class MemorySocket extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readonly bufferedAmount = 0;
  readyState = 1;
  readonly sent: string[] = [];
  closedWith: number | undefined;

  /** As the gateways take it. */
  get webSocket(): WebSocket {
    return this as unknown as WebSocket;
  }

  /** A frame of the other side. */
  receive(frame: string | Uint8Array): void {
    this.emit('message', Buffer.from(frame), typeof frame !== 'string');
  }

  isOpen(): boolean {
    return this.readyState === this.OPEN;
  }

  send(frame: string, done: (failure?: Error) => void): void {
    this.sent.push(frame);
    done();
  }

  close(code: number): void {
    this.closedWith ??= code;
    this.terminate();
  }

  terminate(): void {
    if (!this.isOpen()) return;
    this.readyState = this.CLOSED;
    this.emit('close', this.closedWith ?? 1006);
  }

  ping(): void {}
}
