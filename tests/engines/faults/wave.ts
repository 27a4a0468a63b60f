import { contactIdOf } from '@throughline/voice-gateway/normalize';
import { CallClient } from '../../../scripts/demo/call-client.ts';
import type { Fleet } from './fleet.ts';
import { type Started, violations } from './law-book.ts';
import { Talker } from './talker.ts';

const CASES = 50;
/** Customers of them who also call and write. */
const ON_ALL_CHANNELS = 5;
const PATIENCE_MS = 120_000;
const WORDS_MAX_MS = 10_000;

interface Customer {
  readonly externalId: string;
  readonly order: string;
  readonly phone: string;
  readonly address: string;
}

/**
 * Fifty customers talk about fifty cases while `fault` happens, after a third of what they say is acknowledged; five of them
 * also call and write, and some inputs are not to be read. Resolves to every law that was broken, and to nothing.
 */
export async function wave(fleet: Fleet, number: number, fault: () => Promise<void>): Promise<readonly string[]> {
  const customers = Array.from({ length: CASES }, (_, n) => customerOf(number, n));
  await importAll(fleet, customers);
  const talkers = customers.map(({ externalId }) => new Talker(fleet, externalId));
  const acknowledged = () => talkers.flatMap((talker) => talker.acknowledged);
  const talking = Promise.all(talkers.map((talker, n) => converse(talker, customers[n]?.order ?? '')));
  let areTalking = true;
  const over = (): void => {
    areTalking = false;
  };
  talking.then(over, over);
  while (areTalking && acknowledged().length < CASES) await new Promise((resolve) => setTimeout(resolve, 20));
  await fleet.spoil(number);
  const started: Started[] = [];
  const others = customers.slice(0, ON_ALL_CHANNELS).flatMap((customer, n) => {
    const dialled = (callSid: string): void => {
      const behind = (talkers[n]?.acknowledged ?? []).map(({ inputId }) => inputId);
      started.push({ contactId: contactIdOf(callSid), behind });
    };
    return [call(fleet, customer, dialled), write(fleet, customer)];
  });
  const [unanswered] = await Promise.all([talking.then(() => Promise.all(others)), fault()]);
  for (const talker of talkers) talker.leave();
  await fleet.ready();
  const events = await fleet.events();
  const broken = violations(events, {
    acknowledged: acknowledged(),
    started,
    writes: writesOf(fleet, customers),
    unreadable: fleet.unreadable,
    parked: await fleet.parked(),
  });
  return [...unanswered.flat(), ...broken];
}

const customerOf = (wave: number, n: number): Customer => ({
  externalId: `F-${wave}-${n}`,
  order: `${10 + wave}-${1000 + n}`,
  phone: `+1202${5_600_000 + wave * 100 + n}`,
  address: `f${wave}n${n}@mailbox.example`,
});

async function importAll(fleet: Fleet, customers: readonly Customer[]): Promise<void> {
  const lines = customers.map(({ externalId, phone, address }) => ({
    externalId,
    name: 'A customer',
    identifiers: [
      { type: 'email', value: address },
      { type: 'phone', value: phone },
    ],
    attributes: {},
    region: 'US',
  }));
  await fleet.api('/api/customers/import', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  });
}

async function converse(talker: Talker, order: string): Promise<void> {
  await talker.ask(`Please refund order ${order}, it is broken.`);
  await talker.ask('What about my refund?');
  await talker.ask('Is there any news on my refund?');
}

/** Calls until it hears where the case is. */
async function call(
  fleet: Fleet,
  { phone, order }: Customer,
  dialled: (callSid: string) => void,
): Promise<readonly string[]> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (let tries = 1; Date.now() < deadlineMs; tries += 1) {
    const callSid = `CA-${order}-${tries}`;
    dialled(callSid);
    try {
      const call = await CallClient.dial({
        url: fleet.url,
        authToken: fleet.twilioAuthToken,
        callSid,
        from: phone,
        attestation: 'TN-Validation-Passed-A',
      });
      const knows = (heard: { token?: string }): boolean => heard.token?.includes(order) ?? false;
      await call.heard.next(`words about ${order}`, knows, 0, WORDS_MAX_MS).finally(() => call.hangUp());
      return [];
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  return [`${phone} called in vain`];
}

/** Sends one mail until it is taken, as a mail server does, and waits for its one answer. */
async function write(fleet: Fleet, { address, order }: Customer): Promise<readonly string[]> {
  const messageId = `<${order}@mailbox.example>`;
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (let tries = 0, taken = false; !taken && Date.now() < deadlineMs; tries += 1) {
    const smtp = fleet.mesh.smtp[tries % fleet.mesh.smtp.length] ?? { host: '', port: 0 };
    taken = await fleet.mail
      .send(smtp, {
        from: address,
        to: 'help@support.example',
        subject: 'Refund',
        text: `What about order ${order}?`,
        messageId,
      })
      .then(
        () => true,
        () => new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 200)),
      );
  }
  const answers = () => fleet.mail.received.items.filter((mail) => mail.inReplyTo === messageId);
  await fleet.mail.received.next(`the answer to ${messageId}`, (mail) => mail.inReplyTo === messageId, 0, PATIENCE_MS);
  return new Set(answers().map((mail) => mail.messageId)).size === 1 ? [] : [`${address} got several answers`];
}

function writesOf(fleet: Fleet, customers: readonly Customer[]): ReadonlyMap<string, ReadonlySet<string>> {
  const writes = new Map(customers.map(({ order }) => [order, new Set<string>()]));
  for (const { method, path, key } of fleet.shop.asked) {
    if (method !== 'POST') continue;
    for (const [order, keys] of writes) if (path.includes(`/${order}/`)) keys.add(key ?? 'none');
  }
  return writes;
}
