import type { ParsedMail } from 'mailparser';
import { CallClient } from '../../../scripts/demo/call-client.ts';
import { ChatClient } from '../../../scripts/demo/chat-client.ts';
import { hostToken } from '../../../scripts/demo/host-token.ts';
import { MARTA } from '../backend.ts';
import type { Survivor } from './survivor.ts';

const ASKED = 'Please refund order 10-4477, wrong size.';
const ADDRESS = 'marta.nowak@mailbox.example';
/** A dead mesh is known to be dead a moment after it stopped answering. */
const TRY_AGAIN_MS = 100;
const PATIENCE_MS = 80_000;
const WAIT_MS = 4_000;

/** What the customers did and what was acknowledged to them, and what the mesh has of it in the end. */
export interface Outcome {
  readonly cases: number;
  readonly chatTurns: readonly string[];
  readonly mailTurns: number;
  readonly mailAnswers: number;
  readonly phoneWords: string;
  readonly numbers: readonly number[];
  readonly parked: number;
  readonly verified: boolean;
}

/** Does it until it works, as a patient customer, a carrier or a mail server does; a mesh that is down is waited for. */
async function untilDone<T>(survivor: Survivor, what: string, run: () => Promise<T>): Promise<T> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (;;) {
    await survivor.running();
    try {
      return await run();
    } catch (error) {
      if (Date.now() > deadlineMs) throw new Error(`${what} did not work in ${PATIENCE_MS} ms.`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
}

/** Moments at which a test may kill the mesh. */
export type Moment = 'said' | 'heard' | 'called' | 'mailed' | 'answered';

export async function playThroughCrashes(
  survivor: Survivor,
  at: (moment: Moment) => void = () => undefined,
): Promise<Outcome> {
  await untilDone(survivor, 'the import', async () =>
    api(survivor, '/api/customers/import', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: JSON.stringify(MARTA),
    }),
  );
  await onChat(survivor, at);
  const phoneWords = await onPhone(survivor);
  at('called');
  const answers = await byMail(survivor, at);
  return outcomeOf(survivor, phoneWords, answers);
}

async function onChat(survivor: Survivor, at: (moment: Moment) => void): Promise<void> {
  const chat = await untilDone(survivor, 'the session', async () => {
    const { url } = await survivor.running();
    return ChatClient.session(url, {
      hostToken: await hostToken(survivor.environment.THROUGHLINE_CHAT_HOST_SECRET ?? '', MARTA.externalId),
    });
  });
  const again = async (): Promise<void> => {
    chat.close();
    await chat.connect((await survivor.running()).url);
  };
  await untilDone(survivor, 'saying it', async () => {
    await again();
    const from = chat.frames.items.length;
    chat.send({ type: 'say', id: 'once', text: ASKED });
    await chat.frames.next('the ack', (frame) => frame.type === 'ack' && frame.id === 'once', from, WAIT_MS);
  });
  at('said');
  await untilDone(survivor, 'hearing the answer', async () => {
    await again();
    chat.send({ type: 'resume', after: null });
    await chat.frames.next('the answer', (frame) => frame.type === 'said' && frame.from === 'agent', 0, WAIT_MS);
  });
  at('heard');
  chat.close();
}

async function onPhone(survivor: Survivor): Promise<string> {
  let calls = 0;
  return untilDone(survivor, 'the call', async () => {
    calls += 1;
    const { url } = await survivor.running();
    const call = await CallClient.dial({
      url,
      authToken: survivor.environment.THROUGHLINE_TWILIO_AUTH_TOKEN ?? '',
      callSid: `CA${calls}`,
      from: '+12025550143',
      attestation: 'TN-Validation-Passed-A',
    });
    try {
      return (
        (await call.heard.next('words about the order', (one) => /10-4477/.test(one.token ?? ''), 0, WAIT_MS)).token ??
        ''
      );
    } finally {
      call.hangUp();
    }
  });
}

async function byMail(survivor: Survivor, at: (moment: Moment) => void): Promise<readonly ParsedMail[]> {
  const messageId = '<c1@mailbox.example>';
  await untilDone(survivor, 'sending the mail', async () =>
    survivor.mail.send((await survivor.running()).smtp, {
      from: ADDRESS,
      to: 'help@support.example',
      subject: 'Refund',
      text: 'Any news on my refund?',
      messageId,
    }),
  );
  at('mailed');
  const isAnswer = (mail: ParsedMail): boolean => mail.inReplyTo === messageId;
  await untilDone(survivor, 'the answer by mail', () =>
    survivor.mail.received.next('the answer', isAnswer, 0, WAIT_MS),
  );
  at('answered');
  return survivor.mail.received.items.filter(isAnswer);
}

async function api<Body>(survivor: Survivor, path: string, init: RequestInit = {}): Promise<Body> {
  const { url, token } = await survivor.running();
  const response = await fetch(`${url}${path}`, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as Body;
}

interface Thread {
  readonly items: readonly {
    readonly number: number;
    readonly type: string;
    readonly channel?: string;
    readonly text?: string;
  }[];
}

/** Looks until the mail's answer has been reported and the trail has caught up: everything that follows from what was done. */
async function outcomeOf(survivor: Survivor, phoneWords: string, answers: readonly ParsedMail[]): Promise<Outcome> {
  return untilDone(survivor, 'the look at what became of it', async () => {
    const cases = await api<{ items: { caseId: string }[] }>(survivor, '/api/cases');
    const thread = await api<Thread>(survivor, `/api/cases/${cases.items[0]?.caseId}/thread?limit=500`);
    const audit = await api<{ verified: boolean; pending: number }>(survivor, '/api/audit/verify');
    if (audit.pending > 0) throw new Error('the trail is still behind');
    const turns = thread.items.filter(({ type }) => type === 'InteractionAdded');
    return {
      cases: cases.items.length,
      chatTurns: turns.flatMap(({ channel, text }) => (channel === 'chat' ? [text ?? ''] : [])),
      mailTurns: turns.filter(({ channel }) => channel === 'email').length,
      mailAnswers: new Set(answers.map((mail) => mail.messageId)).size,
      phoneWords,
      numbers: thread.items.map(({ number }) => number),
      parked: (await api<{ items: unknown[] }>(survivor, '/api/parked')).items.length,
      verified: audit.verified,
    };
  });
}
