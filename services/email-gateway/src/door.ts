import type { AddressInfo } from 'node:net';
import type { Clock, Reporter } from '@throughline/kernel/ports';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { createDeadlines } from './deadlines.ts';
import type { MailEnvelope } from './incoming.ts';

/** What became of a mail: each is one answer of SMTP (RFC 5321). */
export type Receipt = 'accepted' | 'unreadable' | 'try-later';

export interface MailDoor {
  /** Resolves to the port; 0 takes any that is free. */
  listen(port: number, host: string): Promise<number>;
  /** No new mail; those under way get a few seconds. */
  close(): Promise<void>;
}

/**
 * Speaks SMTP. A mail is answered with 250 only once `receive` says `accepted`. Whoever has not handed over a whole mail ten
 * minutes after the connection opened, or after the mail before was answered, is cut off.
 * @param mailDomains domains that mail is taken for, lower case; empty: any
 * @param busy whether new mail has to wait outside
 * @param receive must not reject
 */
export function createMailDoor(options: {
  readonly mailDomains: readonly string[];
  readonly hostName: string;
  readonly busy: () => boolean;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly receive: (raw: Uint8Array, envelope: MailEnvelope) => Promise<Receipt>;
}): MailDoor {
  const { mailDomains, hostName, busy, clock, reporter, receive } = options;
  const budget = { bytes: BUFFERED_BYTES_MAX };
  const inTurn = atMost(RECEIVING_MAX);
  const deadlines = createDeadlines({ clock, limitMs: MAIL_MS_MAX, passed: (id) => cutOff(server, id) });

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Reply | undefined> {
    const raw = await readAll(stream, budget);
    // From here on the client waits for us.
    deadlines.pause(session.id);
    if (raw === 'too-big') return TOO_BIG;
    if (raw === 'no-room') return TRY_LATER;
    try {
      const receipt = await inTurn(() => receive(raw, envelopeOf(session)));
      return REPLIES[receipt];
    } finally {
      budget.bytes += raw.length;
    }
  }

  const server = new SMTPServer({
    name: hostName,
    banner: 'Throughline',
    size: MAIL_BYTES_MAX,
    rejectOversized: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    authOptional: true,
    logger: false,
    maxClients: CLIENTS_MAX,
    socketTimeout: IDLE_MS_MAX,
    closeTimeout: CLOSE_MS_MAX,
    onConnect(session, done) {
      deadlines.start(session.id);
      done();
    },
    onClose: (session) => deadlines.end(session.id),
    onMailFrom: (_address, _session, done) => done(busy() ? new SmtpReply(TRY_LATER) : null),
    onRcptTo: (address, session, done) => done(refusalOf(address.address, session, mailDomains)),
    onData: (stream, session, done) => {
      const answer = (reply: Reply | undefined): void => {
        deadlines.restart(session.id);
        done(reply && new SmtpReply(reply));
      };
      take(stream, session).then(answer, (error: unknown) => {
        reporter.error('mail-not-received', { reason: error instanceof Error ? error.name : 'unknown' });
        answer(TRY_LATER);
      });
    },
  });
  server.on('error', (error) => reporter.warn('mail-connection-failed', { reason: error.name }));

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.server.once('error', reject);
        server.listen(port, host, () => {
          server.server.off('error', reject);
          resolve((server.server.address() as AddressInfo).port);
        });
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const MAIL_BYTES_MAX = 25 * 1024 * 1024;
/** All mails together that are on their way in. */
const BUFFERED_BYTES_MAX = 10 * MAIL_BYTES_MAX;
const CLIENTS_MAX = 200;
const RECEIVING_MAX = 8;
const RECIPIENTS_MAX = 100;
/** Between two signs of life. */
const IDLE_MS_MAX = 60_000;
/** For a whole mail, however lively the client is. */
const MAIL_MS_MAX = 600_000;
const CLOSE_MS_MAX = 3_000;

interface Reply {
  readonly responseCode: number;
  readonly message: string;
}

/** An answer that is not 250. */
class SmtpReply extends Error {
  readonly responseCode: number;
  constructor({ responseCode, message }: Reply) {
    super(message);
    this.responseCode = responseCode;
  }
}

const TOO_BIG = { responseCode: 552, message: `The message is larger than ${MAIL_BYTES_MAX} bytes` };
const TRY_LATER = { responseCode: 451, message: 'The message cannot be taken now, try again later' };
const REPLIES: Readonly<Record<Receipt, Reply | undefined>> = {
  accepted: undefined,
  unreadable: { responseCode: 554, message: 'The message cannot be read: it has too many parts, or none' },
  'try-later': TRY_LATER,
};

/** The library leaves its connections untyped; this is what is used of them. */
interface Connection {
  readonly id: string;
  send(code: number, message: string): void;
}

/** 421 ends the connection, also in the middle of a mail, whose stream then breaks. */
function cutOff(server: SMTPServer, id: string): void {
  for (const connection of server.connections as ReadonlySet<Connection>) {
    if (connection.id === id) connection.send(421, 'The message took too long, closing the connection');
  }
}

function refusalOf(address: string, session: SMTPServerSession, mailDomains: readonly string[]): SmtpReply | null {
  if (session.envelope.rcptTo.length >= RECIPIENTS_MAX) {
    return new SmtpReply({ responseCode: 452, message: 'Too many recipients in one message' });
  }
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  if (mailDomains.length === 0 || mailDomains.includes(domain)) return null;
  return new SmtpReply({ responseCode: 550, message: 'No mail is taken for that domain here' });
}

function envelopeOf(session: SMTPServerSession): MailEnvelope {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    sender: mailFrom === false ? '' : mailFrom.address,
    recipients: rcptTo.map(({ address }) => address),
    peerAddress: session.remoteAddress,
    peerName: String(session.hostNameAppearsAs),
  };
}

/**
 * The whole mail. One that is too big, or for which there is no room, is read to its end and thrown away: the client
 * listens to no answer before. Rejects when the connection breaks.
 */
async function readAll(
  stream: SMTPServerDataStream,
  budget: { bytes: number },
): Promise<Uint8Array | 'too-big' | 'no-room'> {
  let chunks: Uint8Array[] = [];
  let kept = 0;
  let refused: 'too-big' | 'no-room' | undefined;
  const refuse = (why: 'too-big' | 'no-room'): void => {
    refused = why;
    chunks = [];
    budget.bytes += kept;
    kept = 0;
  };
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (refused !== undefined) continue;
      if (kept + chunk.length > MAIL_BYTES_MAX) refuse('too-big');
      else if (chunk.length > budget.bytes) refuse('no-room');
      else {
        chunks.push(chunk);
        kept += chunk.length;
        budget.bytes -= chunk.length;
      }
    }
  } catch (error) {
    refuse('no-room');
    throw error;
  }
  return refused ?? Buffer.concat(chunks);
}

/** Runs at most so many at once; the others wait, first come first served. */
function atMost(limit: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
