import { connect } from 'node:net';
import fc from 'fast-check';
import twilio from 'twilio';
import { type DoorKind, demand } from '../door.ts';
import { anyText, mutated } from '../grammar/mutations.ts';
import { AUTH_TOKEN, openStagedMesh } from '../staged-mesh.ts';

interface SocketInput {
  /** The head of a request as it goes over the wire; `{session}` and `{signature}` stand for good ones. */
  readonly head: string;
  /** What comes behind it, as Latin-1. */
  readonly bytes: string;
}

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
const headOf = (...lines: readonly string[]): string => ['', ...lines, '', ''].join('\r\n').slice(2);

const HEADS: readonly string[] = [
  headOf(
    'GET /chat/socket HTTP/1.1',
    'Host: a.example',
    ...UPGRADE,
    'Sec-WebSocket-Protocol: throughline.v1, token.{session}',
  ),
  headOf('GET /chat/socket HTTP/1.1', 'Host: a.example', ...UPGRADE, 'Sec-WebSocket-Protocol: throughline.v1'),
  headOf('GET /voice/relay HTTP/1.1', 'Host: a.example', ...UPGRADE, 'X-Twilio-Signature: {signature}'),
  headOf('GET /elsewhere HTTP/1.1', 'Host: a.example', ...UPGRADE),
  headOf('POST /chat/sessions HTTP/1.1', 'Host: a.example', 'Content-Type: application/json', 'Content-Length: 2'),
  headOf('POST /chat/sessions HTTP/1.1', 'Host: a.example', 'Transfer-Encoding: chunked', 'Expect: 100-continue'),
  headOf('GET /livez HTTP/1.0'),
];

const masked = (opcode: number, payload: string): string => {
  const body = Buffer.from(payload);
  const length = body.length < 126 ? [0x80 | body.length] : [0x80 | 126, body.length >> 8, body.length & 255];
  return Buffer.from([0x80 | opcode, ...length, 0, 0, 0, 0, ...body]).toString('latin1');
};
const FRAMES: readonly string[] = [
  masked(1, '{"type":"say","id":"a","text":"hello"}'),
  masked(1, '{"type":"setup","callSid":"CA1","from":"+14155550132"}'),
  masked(2, 'binary'),
  masked(8, '\u0003\u00e8'),
  masked(9, 'ping'),
  masked(0, 'continued'),
  '2\r\n{}\r\n0\r\n\r\n',
  '{}',
];

/** What a stranger's connection is answered within, in milliseconds, once they have said everything. */
const ANSWER_MS_MAX = 5_000;

/** Bytes that need not even be HTTP, at the socket of a whole mesh. */
export const socketsDoor: DoorKind<SocketInput> = {
  name: 'sockets',
  about:
    'bytes at the HTTP port: upgrades, frames of WebSockets and what is no HTTP at all; each connection comes to an end',
  inputsPerOpening: 500,
  inputs: () =>
    fc.record({
      head: fc.oneof(fc.constantFrom(...HEADS), mutated(fc.constantFrom(...HEADS)), anyText),
      bytes: fc
        .array(fc.oneof(fc.constantFrom(...FRAMES), mutated(fc.constantFrom(...FRAMES))), { maxLength: 4 })
        .map((all) => all.join('')),
    }),
  async open() {
    const mesh = await openStagedMesh();
    const { url } = mesh.stage.mesh;
    const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, `${url.replace('http', 'ws')}/voice/relay`, {});
    return {
      async feed({ head, bytes }) {
        const text = mesh.filled(head).replaceAll('{signature}', signature);
        await exchange(Number(new URL(url).port), Buffer.concat([Buffer.from(text), Buffer.from(bytes, 'latin1')]));
        await mesh.isWell();
      },
      close: () => mesh.close(),
    };
  },
};

/** Says it and hears the other side out; what is no HTTP may be answered with nothing but the end. */
async function exchange(port: number, bytes: Uint8Array): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const over = new Promise<boolean>((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve(true));
    setTimeout(() => resolve(false), ANSWER_MS_MAX).unref();
  });
  socket.resume();
  socket.end(bytes);
  demand(await over, 'The connection stays open though the other side has said everything.');
  socket.destroy();
}
