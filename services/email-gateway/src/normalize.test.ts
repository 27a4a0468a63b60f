import { deriveId } from '@throughline/kernel/ids';
import type { ContactStarted } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import type { IncomingMail, MailEnvelope } from './incoming.ts';
import { normalizeMail, type ReceivedMail, revocationOf } from './normalize.ts';
import { readRoute } from './route.ts';
import { mac, NOW_MS } from './testing/mail-world.ts';
import { entryMessageId, makeCaseToken, makeRevocationToken } from './token.ts';

const ines = 'ines@post.example';
const caseId = deriveId('case', 'one');
const claim = { claimId: deriveId('clm', 'one'), customerId: deriveId('cus', 'one') };
const token = makeCaseToken(mac, caseId, ines, NOW_MS) ?? '';
const revocation = makeRevocationToken(mac, claim, ines, NOW_MS) ?? '';

interface Given {
  readonly headers?: Readonly<Record<string, string>>;
  readonly mail?: Partial<IncomingMail>;
  readonly envelope?: Partial<MailEnvelope>;
  readonly received?: Partial<ReceivedMail>;
}

const surroundings = { mac, mailDomains: ['help.example'], region: 'US' };

function receivedOf({ headers = {}, mail = {}, envelope = {}, received = {} }: Given): ReceivedMail {
  const named = { 'message-id': '<1@post.example>', ...headers };
  return {
    mail: {
      headers: Object.entries(named).map(([name, value]) => ({ name, value })),
      author: { address: ines, name: 'Ines' },
      subject: 'My order',
      text: 'Where is my order?',
      visibleText: 'Where is my order?',
      attachments: [],
      ...mail,
    },
    envelope: {
      sender: ines,
      recipients: ['support@help.example'],
      peerAddress: '127.0.0.1',
      peerName: 'mx.example',
      ...envelope,
    },
    dmarc: 'proven',
    contentHash: 'aa'.repeat(32),
    rawBlob: 'bb'.repeat(32),
    attachments: [],
    receivedMs: NOW_MS,
    ...received,
  };
}

function contactOf(given: Given = {}): ContactStarted {
  return normalizeMail(receivedOf(given), surroundings);
}

const methodsOf = (given: Given): readonly string[] => contactOf(given).evidence.map(({ method }) => method);
const forged: Given = { received: { dmarc: 'failed' } };
const from = (address: string): Given => ({ mail: { author: { address, name: '' } } });

describe('who a mail is from', () => {
  it('is the same contact for the same author and Message-ID, however the address is written', () => {
    expect(contactOf(from('Ines@Post.Example')).contactId).to.equal(contactOf().contactId);
    expect(contactOf(from('tom@post.example')).contactId).not.to.equal(contactOf().contactId);
  });

  it('is a contact by its bytes where there is no Message-ID', () => {
    const bare = (contentHash: string): Given => ({ headers: { 'message-id': '' }, received: { contentHash } });
    expect(contactOf(bare('aa')).contactId).to.equal(contactOf(bare('aa')).contactId);
    expect(contactOf(bare('aa')).contactId).not.to.equal(contactOf(bare('bb')).contactId);
  });

  it('never takes the place of the genuine mail when it is forged', () => {
    expect(contactOf(forged).contactId).not.to.equal(contactOf().contactId);
  });

  it('is on the record when DMARC failed, and is not answered', () => {
    const contact = contactOf(forged);
    expect(contact.answerable).to.equal(false);
    expect(contact.evidence).to.deep.equal([
      { method: 'dmarc', grade: 'failed', identifier: { type: 'email', value: ines }, seenMs: NOW_MS },
    ]);
    expect(contact.turn?.text).to.include('Where is my order?');
  });
});

describe('the case that a mail points at', () => {
  const withToken: Given = { envelope: { recipients: [`support+${token}@help.example`] } };
  const entry = { caseId, entryId: deriveId('ent', 'one') };
  const inThread: Given = { headers: { 'in-reply-to': entryMessageId(mac, entry, ines, 'help.example') } };

  it('is shown by a token of its author', () => {
    const [, evidence] = contactOf(withToken).evidence;
    expect(evidence).to.deep.include({ method: 'case-token', identifier: { type: 'case', value: caseId } });
  });

  it('is shown by a Message-ID of ours that was sent to its author', () => {
    const [, evidence] = contactOf(inThread).evidence;
    expect(evidence).to.deep.include({ method: 'thread-reference', identifier: { type: 'case', value: caseId } });
  });

  it('is not shown by the token or thread of somebody else', () => {
    expect(methodsOf({ ...withToken, ...from('tom@post.example') })).to.deep.equal(['dmarc']);
    expect(methodsOf({ ...inThread, ...from('tom@post.example') })).to.deep.equal(['dmarc']);
  });

  it('is not shown by a forged mail', () => {
    expect(methodsOf({ ...withToken, ...forged })).to.deep.equal(['dmarc']);
    expect(methodsOf({ ...inThread, ...forged })).to.deep.equal(['dmarc']);
  });

  it('is not shown by a token that has expired', () => {
    expect(methodsOf({ ...withToken, received: { receivedMs: NOW_MS + 31 * 86_400_000 } })).to.deep.equal(['dmarc']);
  });
});

describe('a reply to the notice of a linked number', () => {
  const reply: Given = { envelope: { recipients: [`${revocation}@help.example`] } };

  it('takes the claim back', () => {
    expect(revocationOf(receivedOf(reply), surroundings)).to.deep.equal({ ...claim, by: 'mail' });
  });

  it('takes nothing back when it is forged, somebody else’s or automatic', () => {
    const out = { headers: { 'auto-submitted': 'auto-replied' } };
    for (const other of [forged, from('tom@post.example'), out]) {
      expect(revocationOf(receivedOf({ ...reply, ...other }), surroundings)).to.equal(undefined);
    }
  });
});

describe('what is never answered', () => {
  const cases: Readonly<Record<string, Given>> = {
    'an auto-reply': { headers: { 'auto-submitted': 'auto-replied' } },
    'a bounce': { envelope: { sender: '' } },
    'a delivery report': { headers: { 'content-type': 'multipart/report; report-type=delivery-status' } },
    'bulk mail': { headers: { precedence: 'bulk' } },
    'a mailing list': { headers: { 'list-id': '<riders.example>' } },
    'mail that asks for no auto-reply': { headers: { 'x-auto-response-suppress': 'All' } },
    'a mailer daemon': from('mailer-daemon@post.example'),
    'a sender that takes no replies': from('no-reply@shop.example'),
    'our own mailbox': from('support@help.example'),
    'our own mailbox with a token': from(`care+${token}@help.example`),
  };
  for (const [name, given] of Object.entries(cases)) {
    it(`is ${name}`, () => expect(contactOf(given).answerable).to.equal(false));
  }

  it('is not a mail that says that a person wrote it', () => {
    expect(contactOf({ headers: { 'auto-submitted': 'no' } }).answerable).to.equal(true);
  });
});

describe('what a mail says', () => {
  const textOf = (mail: Partial<IncomingMail>, headers = {}): string => contactOf({ mail, headers }).turn?.text ?? '';

  it('is what was written, without the quoted mail', () => {
    expect(textOf({ subject: 'Re: My order', text: 'Yes.\n> Is it?', visibleText: 'Yes.' })).to.equal('Yes.');
  });

  it('is the whole text where nothing but a quote is left', () => {
    expect(textOf({ subject: 'Re: x', text: '> Is it?', visibleText: '' })).to.equal('> Is it?');
  });

  it('is the subject where there is no text', () => {
    expect(textOf({ subject: 'Where is A-1001', text: '', visibleText: '' })).to.equal('Where is A-1001');
  });

  it('begins with the subject of a new mail when that says more than the text', () => {
    expect(textOf({ subject: 'Order A-1001' })).to.equal('Order A-1001\n\nWhere is my order?');
    expect(textOf({ subject: 'my order' })).to.equal('Where is my order?');
    expect(textOf({ subject: 'Order A-1001' }, { 'in-reply-to': '<0@x.example>' })).to.equal('Where is my order?');
  });

  it('has no card number in text or subject', () => {
    const contact = contactOf({ mail: { subject: '4111 1111 1111 1111', visibleText: 'It is 4111111111111111' } });
    expect(JSON.stringify(contact)).not.to.match(/4111 ?1111/);
    expect(contact.turn?.masked).to.deep.equal(['card']);
  });

  it('is at most 64 kB', () => {
    expect(Buffer.byteLength(textOf({ visibleText: 'ü'.repeat(60_000) }))).to.be.at.most(65_536);
  });
});

describe('where an answer goes', () => {
  it('is the author, whatever Reply-To and Cc say', () => {
    const headers = { 'reply-to': 'evil@evil.example', cc: 'all@evil.example', references: '<a@x> <b@x>' };
    const route = readRoute(contactOf({ headers }).route);
    expect(route).to.include({ to: ines, messageId: '<1@post.example>', mailbox: 'support@help.example' });
    expect(route?.raw).to.equal('bb'.repeat(32));
    expect(route?.references).to.deep.equal(['<a@x>', '<b@x>']);
    expect(JSON.stringify(route)).not.to.include('evil');
  });
});
