import { createHash } from 'node:crypto';
import { createAuthentication } from '@throughline/email-gateway/authentication';
import { contactIdOf, normalizeMail, revocationOf } from '@throughline/email-gateway/normalize';
import { readMail } from '@throughline/email-gateway/read-mail';
import { clock, mac, NOW_MS } from '@throughline/email-gateway/testing/mail-world';
import { createCodec } from '@throughline/schemas/codec';
import { loadSchemas } from '@throughline/schemas/load';
import { embeddedSchemaIds } from '@throughline/schemas/registry';
import { memoryKeyring } from '@throughline/schemas/testing/memory-keyring';
import { IDENTITY_INPUTS } from '@throughline/schemas/topics';
import fc from 'fast-check';
import { type DoorKind, demand } from '../door.ts';
import { mails } from '../grammar/mail.ts';
import { anyText } from '../grammar/mutations.ts';

interface MailInput {
  /** Bytes as Latin-1 where they are no more than that; otherwise sent as UTF-8. */
  readonly raw: string;
  readonly sender: string;
  readonly recipient: string;
}

const TEXT_BYTES_MAX = 64 * 1024;
const GOOD = 'From: ines@post.example\r\nSubject: My order\r\n\r\nWhere is it?\r\n';

/** Name servers that know nothing. */
const resolver = async (): Promise<never> => {
  throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
};

/** What becomes of the bytes of a mail until it is a record: read, checked in both ways, made a contact, encoded. */
export const mimeDoor: DoorKind<MailInput> = {
  name: 'mime',
  about:
    'mails: each is refused as unreadable or becomes a record that the contract allows, in time and of bounded size',
  inputsPerOpening: 500,
  inputs: (seeds) =>
    fc.record({
      raw: mails(seeds),
      sender: fc.oneof(fc.constantFrom('ines@post.example', ''), anyText),
      recipient: fc.oneof(fc.constantFrom('support@help.example', 'support+c.token@help.example'), anyText),
    }),
  async open() {
    const schemas = loadSchemas();
    const ids = embeddedSchemaIds({ schemas, known: [] });
    const codec = createCodec({ keyring: memoryKeyring(), schemas, ids });
    const surroundings = { mac, mailDomains: ['help.example'], region: 'US' };
    const common = { trustedPeers: ['loopback'], resolver, hostName: 'help.example', clock };
    const stating = createAuthentication({ ...common, auth: { mode: 'authserv-id', authservId: 'mx.example' } });
    const verifying = createAuthentication({ ...common, auth: { mode: 'verify' } });

    /** Whether it became a record. */
    async function taken({ raw, sender, recipient }: MailInput): Promise<boolean> {
      const bytes = Buffer.from(raw);
      const mail = await readMail(bytes).catch(() => undefined);
      if (mail === undefined) return false;
      demand(Buffer.byteLength(mail.text) <= 4 * TEXT_BYTES_MAX, 'The text is longer than any record takes.');
      const envelope = { sender, recipients: [recipient], peerAddress: '127.0.0.1', peerName: 'mx.example' };
      const verdict = await verifying.verdict(bytes, mail, envelope);
      demand(verdict !== 'proven', 'A mail is proven that nobody signed.');
      const dmarc = await stating.verdict(bytes, mail, envelope);
      demand(dmarc !== 'temporary', 'What the provider said cannot be out.');
      const contentHash = createHash('sha256').update(bytes).digest('hex');
      const checked = { mail, envelope, dmarc, contentHash, receivedMs: NOW_MS };
      revocationOf(checked, surroundings);
      const attachments = mail.attachments.map(({ name, mediaType, bytes: file }) => {
        return { name, mediaType, sizeBytes: file.length, blob: 'a'.repeat(64) };
      });
      const body = normalizeMail({ ...checked, rawBlob: 'a'.repeat(64), attachments }, surroundings);
      demand(body.contactId === contactIdOf(checked), 'The contact has two ids.');
      demand(Buffer.byteLength(body.turn?.text ?? '') <= TEXT_BYTES_MAX, 'The turn is longer than 64 kB.');
      const message = { topic: IDENTITY_INPUTS, key: 'default', type: 'ContactStarted', subject: body.contactId };
      const attributes = { id: 'msg_1', source: 'email-gateway', timeMs: NOW_MS, traceparent: '' };
      const record = { ...codec.encode({ ...message, ...attributes, body }), partition: 0, offset: 0 };
      demand(record.value.length <= RECORD_BYTES_MAX, `The record has ${record.value.length} bytes.`);
      demand(
        JSON.stringify(codec.decode(record).body) === JSON.stringify(body),
        'It reads otherwise than it was written.',
      );
      return true;
    }

    let fed = 0;
    return {
      async feed(input) {
        await taken(input);
        fed += 1;
        // Nothing is kept from one mail to the next here, so a good one now and then is enough.
        if (fed % 10 === 1)
          demand(await taken({ raw: GOOD, sender: '', recipient: 'support@help.example' }), 'A good mail is refused.');
      },
      async close() {},
    };
  },
};

/** What Kafka takes by default is a megabyte; a record with 64 kB of text and fifty attachments is far from it. */
const RECORD_BYTES_MAX = 500_000;
