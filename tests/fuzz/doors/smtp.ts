import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { MailWorld, mailOf } from '@throughline/email-gateway/testing/mail-world';
import fc from 'fast-check';
import { type DoorKind, demand } from '../door.ts';
import { mails as wholeMails } from '../grammar/mail.ts';
import { anyText, mutated } from '../grammar/mutations.ts';

/** What one client says, in pieces as they arrive. */
interface SmtpInput {
  readonly pieces: readonly string[];
  /** Whether the client waits for an answer after each piece, or says everything at once. */
  readonly waits: boolean;
}

const LINES: readonly string[] = [
  'EHLO mx.example',
  'HELO mx.example',
  'MAIL FROM:<ines@post.example>',
  'MAIL FROM:<> SIZE=99999999999 BODY=8BITMIME',
  'RCPT TO:<support@help.example>',
  'RCPT TO:<support+c.token@help.example> NOTIFY=NEVER',
  'RCPT TO:<nobody@elsewhere.example>',
  'DATA',
  'RSET',
  'NOOP',
  'VRFY ines',
  'HELP',
  'AUTH PLAIN AGEAYg==',
  'STARTTLS',
  'BDAT 10 LAST',
  'XCLIENT ADDR=192.0.2.1',
  'PROXY TCP4 192.0.2.1 192.0.2.2 1 2',
  'GET / HTTP/1.1',
  'QUIT',
];
const OPENING: readonly string[] = [
  'HELO mx.example\r\n',
  'MAIL FROM:<ines@post.example>\r\n',
  'RCPT TO:<support@help.example>\r\n',
];
/** A client that gets no answer in this time waits for ever, for all it knows. */
const ANSWER_MS_MAX = 5_000;
const LOOK_EVERY_MS = 100;

/** Dialogues of SMTP over the real socket of the mail gateway. */
export const smtpDoor: DoorKind<SmtpInput> = {
  name: 'smtp',
  about: 'dialogues of SMTP: every line is answered, a mail is taken or refused, and the next client is served',
  inputsPerOpening: 300,
  inputs: (seeds) => {
    const line = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...LINES) },
      { weight: 4, arbitrary: mutated(fc.constantFrom(...LINES)) },
      { weight: 1, arbitrary: anyText },
      { weight: 1, arbitrary: fc.nat(40_000).map((length) => 'X'.repeat(length)) },
    );
    const ended = fc.tuple(line, fc.constantFrom('\r\n', '\r\n', '\r\n', '\n')).map(([text, end]) => text + end);
    const chatter = fc.array(ended, { minLength: 1, maxLength: 6 });
    const mail = fc
      .tuple(wholeMails(seeds), fc.constantFrom('\r\n.\r\n', '\n.\n\r\n.\r\n', '\r\n..\r\n.\r\n'))
      .map(([raw, end]) => [...OPENING, 'DATA\r\n', raw + end]);
    return fc.record({
      pieces: fc.oneof(
        chatter,
        fc.tuple(mail, chatter).map((both) => both.flat()),
      ),
      waits: fc.boolean(),
    });
  },
  async open() {
    const world = await new MailWorld({ reporter: { info() {}, warn() {}, error() {} } }).open();
    // A server greets late on purpose, so connections go on for as long as they are let.
    let stranger = await Client.open(world.port);
    let customer = await Client.open(world.port);
    let mails = 0;
    return {
      async feed({ pieces, waits }) {
        if (stranger.isOver()) stranger = await Client.open(world.port);
        if (waits) for (const piece of pieces) await stranger.says(piece);
        else await stranger.says(pieces.join(''));
        // Whatever came before: a line of its own gets an answer, or the connection is over and has said so.
        await stranger.says('\r\n.\r\nRSET\r\n');
        if (customer.isOver()) customer = await Client.open(world.port);
        mails += 1;
        for (const line of [...OPENING, 'DATA\r\n']) await customer.says(line);
        const answer = await customer.says(`${mailOf({ 'Message-ID': `<${mails}@good.example>` })}.\r\n`);
        demand(answer.startsWith('250'), `A good mail is answered with ${answer}`);
        const isKept = JSON.stringify(world.sent).includes(`<${mails}@good.example>`);
        demand(isKept, 'A mail was accepted and is not in the log.');
        world.sent.length = 0;
        world.blobs.clear();
      },
      async close() {
        stranger.close();
        customer.close();
        await world.close();
      },
    };
  },
};

class Client {
  readonly #socket: Socket;
  #heard = '';
  #answers = 0;
  #news = Promise.withResolvers<void>();
  #isOver = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const news = (): void => {
      this.#news.resolve();
      this.#news = Promise.withResolvers();
    };
    socket.on('data', (data) => {
      this.#heard += data.toString('latin1');
      news();
    });
    socket.on('close', () => {
      this.#isOver = true;
      news();
    });
    socket.on('error', () => {});
  }

  static async open(port: number): Promise<Client> {
    const socket = connect(port, '127.0.0.1');
    const client = new Client(socket);
    await once(socket, 'connect');
    await client.#hears();
    return client;
  }

  isOver(): boolean {
    return this.#isOver;
  }

  /** Says it, and gives the newest answer. */
  async says(text: string): Promise<string> {
    if (!this.#isOver) {
      this.#socket.write(text);
      await this.#hears();
    }
    return this.#heard.trimEnd().split(/\r?\n/).at(-1) ?? '';
  }

  async #hears(): Promise<void> {
    const startMs = performance.now();
    while (this.#replies() <= this.#answers && !this.#isOver) {
      const soFar = JSON.stringify(this.#heard.slice(-200));
      demand(performance.now() < startMs + ANSWER_MS_MAX, `Nothing was answered behind ${soFar}`);
      await Promise.race([this.#news.promise, delay(LOOK_EVERY_MS)]);
    }
    this.#answers = this.#replies();
    const last = this.#heard.trimEnd().split(/\r?\n/).at(-1) ?? '';
    demand(!this.#isOver || /^(?:221|[45]\d\d) /.test(last), `It is cut off without a word, behind ${last}`);
    const refusals = this.#heard.match(/^[45]\d\d[^\r\n]*/gm) ?? [];
    for (const refusal of refusals) demand(/^\d{3}[ -].*\w/.test(refusal), `A refusal says nothing: ${refusal}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #replies(): number {
    return this.#heard.match(/^\d{3} /gm)?.length ?? 0;
  }
}
