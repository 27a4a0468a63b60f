import { DEMO_CUSTOMERS } from '@throughline/agent/demo-backend';
import { addressOf } from './mail-client.ts';
import { MAIL_DOMAIN, type Stage } from './stage.ts';

/** One line of the transcript. */
export interface Line {
  readonly at: string;
  readonly channel: 'chat' | 'voice' | 'email' | 'story';
  readonly who: string;
  readonly text: string;
}

export interface PlayedContact {
  readonly channel: string;
  readonly contactId: string;
  readonly caseId: string;
  readonly disposition: string;
  readonly assurance: number;
  readonly firstWords: string;
}

export interface Played {
  readonly caseId: string;
  readonly contacts: readonly PlayedContact[];
  readonly audit: { readonly entries: number; readonly verified: boolean };
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

const ORDER = 'W2378156';
const ADDRESS = 'ines.okafor@post.example';
const GREETING =
  /\b(hello|hi|hey|welcome|good (morning|afternoon|evening)|thanks? (you )?for (calling|writing|contacting))\b/i;
const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const saysWhereItIs = (words: string): boolean =>
  words.includes(ORDER) && /refund/i.test(words) && !GREETING.test(words);

/** Plays the story on a mesh that serves the demo's backend; `tell` hears every line as it is said. */
export async function playStory(stage: Stage, tell: (line: Line) => void): Promise<Played> {
  const checks: { name: string; ok: boolean }[] = [];
  const check = (name: string, ok: boolean): void => {
    checks.push({ name, ok });
  };
  await stage.importCustomers(DEMO_CUSTOMERS);

  const chat = await onChat(stage, tell);
  check('chat asks for the refund and gets an answer', /refund/i.test(chat.words));

  const phone = await onPhone(stage, tell);
  check('the phone first says where the case is', saysWhereItIs(phone));

  const other = await fromAnotherNumber(stage, tell);
  check(
    'a number that is not on file learns nothing before proof',
    !other.before.some((words) => words.includes(ORDER) || /refund|okafor|ines/i.test(words)),
  );
  check('a proven caller hears where the case is', saysWhereItIs(other.after));

  const mail = await byMail(stage, tell);
  check('the mail first says where the case is', saysWhereItIs(mail));
  check('the refund reached the backend once', stage.mesh.demoBackend?.refundsBegun() === 1);

  const contacts = await contactsOf(stage, chat.caseId, [chat.words, phone, other.after, mail]);
  check(
    'one case for all channels',
    contacts.length === 4 && contacts.every((contact) => contact.caseId === chat.caseId),
  );
  check(
    'who came back was resumed',
    contacts.slice(1).every((contact) => contact.disposition === 'resumed'),
  );
  const audit = await auditOf(stage, chat.caseId);
  check('the trail is whole', audit.verified && audit.entries > 0);
  return { caseId: chat.caseId, contacts, audit, checks };
}

async function onChat(stage: Stage, tell: (line: Line) => void): Promise<{ words: string; caseId: string }> {
  const asked = `I want a refund for order ${ORDER}, it arrived broken.`;
  tell({ at: '11:00', channel: 'story', who: '', text: 'Ines is logged in on the shop and opens the chat.' });
  const chat = await stage.loggedIn('C-1001');
  tell({ at: '11:00', channel: 'chat', who: 'Ines', text: asked });
  const said = await chat.ask(asked);
  tell({ at: '11:00', channel: 'chat', who: 'Throughline', text: said.text });
  chat.send({ type: 'leave' });
  chat.close();
  return { words: said.text, caseId: said.caseId ?? '' };
}

async function onPhone(stage: Stage, tell: (line: Line) => void): Promise<string> {
  tell({
    at: '14:00',
    channel: 'story',
    who: '',
    text: 'She calls from the number on file; the carrier vouches for it.',
  });
  const call = await stage.call({
    from: '+14155552671',
    callSid: 'CA00000000000000000000000000000001',
    attestation: 'TN-Validation-Passed-A',
  });
  const words = await call.hears(/./s);
  tell({ at: '14:00', channel: 'voice', who: 'Throughline', text: words });
  call.hangUp();
  return words;
}

async function fromAnotherNumber(
  stage: Stage,
  tell: (line: Line) => void,
): Promise<{ before: string[]; after: string }> {
  tell({ at: '14:30', channel: 'story', who: '', text: 'She calls again, from a number that is not on file.' });
  const call = await stage.call({
    from: '+14155552672',
    callSid: 'CA00000000000000000000000000000002',
    attestation: 'TN-Validation-Passed-A',
  });
  const before: string[] = [];
  const hear = (words: string): void => {
    before.push(words);
    tell({ at: '14:30', channel: 'voice', who: 'Throughline', text: words });
  };
  hear(await call.hears(/./s));
  const spoken = 'My address is ines dot okafor at post dot example';
  tell({ at: '14:30', channel: 'voice', who: 'Ines', text: spoken });
  const mailed = stage.mail.receives(ADDRESS, (mail) => /\b\d{6}\b/.test(mail.text ?? ''));
  hear(await call.ask(spoken));
  const code = /\b(\d{6})\b/.exec((await mailed).text ?? '')?.[1] ?? '';
  tell({ at: '14:31', channel: 'email', who: 'Throughline', text: '(a mail with a one-time code)' });
  tell({ at: '14:31', channel: 'voice', who: 'Ines', text: '(reads the six digits)' });
  const after = await call.ask(`It is ${[...code].map((digit) => DIGITS[Number(digit)]).join(' ')}`);
  tell({ at: '14:31', channel: 'voice', who: 'Throughline', text: after });
  call.hangUp();
  return { before, after };
}

async function byMail(stage: Stage, tell: (line: Line) => void): Promise<string> {
  const text = 'Is there any news on my refund?';
  tell({ at: '09:00', channel: 'story', who: '', text: 'The next day she writes a mail.' });
  tell({ at: '09:00', channel: 'email', who: 'Ines', text });
  const from = stage.mail.received.items.length;
  await stage.mail.send(stage.mesh.smtp, {
    from: `Ines Okafor <${ADDRESS}>`,
    to: `help@${MAIL_DOMAIN}`,
    subject: 'My refund',
    text,
    messageId: '<story-1@post.example>',
  });
  const answer = await stage.mail.receives(ADDRESS, (mail) => mail.inReplyTo === '<story-1@post.example>', from);
  const words = (answer.text ?? '').trim();
  tell({ at: '09:00', channel: 'email', who: `Throughline to ${addressOf(answer.to)}`, text: words });
  return words;
}

interface ContactView {
  readonly contactId: string;
  readonly channel: string;
  readonly caseId: string;
  readonly disposition: string;
  readonly assurance: number;
}

/** The contacts of the case in the order they came, as the operators' API shows them, with what each heard first of the case. */
async function contactsOf(stage: Stage, caseId: string, words: readonly string[]): Promise<readonly PlayedContact[]> {
  const thread = await stage.api<{ items: { type: string; at: string; contactId?: string }[] }>(
    `/api/cases/${caseId}/thread?limit=500`,
  );
  const briefed = thread.items.filter(({ type }) => type === 'ContactBriefed');
  briefed.sort((one, other) => one.at.localeCompare(other.at));
  const ids = [...new Set(briefed.flatMap((entry) => (entry.contactId ? [entry.contactId] : [])))];
  const contacts: PlayedContact[] = [];
  for (const [place, id] of ids.entries()) {
    const view = await stage.api<ContactView>(`/api/contacts/${id}`);
    contacts.push({
      channel: view.channel,
      contactId: view.contactId,
      caseId: view.caseId,
      disposition: view.disposition,
      assurance: view.assurance,
      firstWords: words[place] ?? '',
    });
  }
  return contacts;
}

async function auditOf(stage: Stage, caseId: string): Promise<{ entries: number; verified: boolean }> {
  const trail = await stage.api<{ entries: unknown[]; verified: boolean }>(`/api/audit/cases/${caseId}`);
  const whole = await stage.api<{ verified: boolean }>('/api/audit/verify');
  return { entries: trail.entries.length, verified: trail.verified && whole.verified };
}
