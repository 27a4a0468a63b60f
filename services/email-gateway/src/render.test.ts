import { deriveId } from '@throughline/kernel/ids';
import { oneTimeCode } from '@throughline/language/one-time-code';
import type { MailDue, ReplyAccepted } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import { renderMail, renderReply } from './render.ts';
import type { MailRoute } from './route.ts';
import { mac, NOW_MS } from './testing/mail-world.ts';
import { readCaseToken, readRevocationToken, splitRecipient } from './token.ts';

const caseId = deriveId('case', 'one');
const route: MailRoute = {
  to: 'ines@post.example',
  name: 'Ines Okafor',
  mailbox: 'support@help.example',
  subject: 'My order',
  messageId: '<2@post.example>',
  references: ['<1@post.example>'],
  raw: 'aa',
};
const reply = {
  caseId,
  entryId: deriveId('ent', 'one'),
  text: 'It is on its way.',
  atMs: NOW_MS,
} as ReplyAccepted;
const due: MailDue = {
  caseId,
  number: 4,
  atMs: NOW_MS,
  contactId: deriveId('ctc', 'one'),
  mailId: 'mail_1',
  kind: 'code',
  to: 'ines@post.example',
  stepUpId: 'stp_1',
  claimId: null,
  customerId: null,
  channel: 'voice',
  digits: '42',
};
const linked: MailDue = {
  ...due,
  kind: 'number-linked',
  claimId: deriveId('clm', 'one'),
  customerId: deriveId('cus', 'one'),
};

describe('a reply by mail', () => {
  const mail = renderReply(reply, route, mac);

  it('goes to the author, from the mailbox that was written to', () => {
    expect(mail).to.include({ to: 'ines@post.example', from: 'support@help.example', subject: 'Re: My order' });
  });

  it('continues the thread', () => {
    expect(mail.inReplyTo).to.equal('<2@post.example>');
    expect(mail.references).to.deep.equal(['<1@post.example>', '<2@post.example>']);
  });

  it('carries a token of its case for that author', () => {
    const { token = '' } = splitRecipient(mail.replyTo ?? '');
    expect(readCaseToken(mac, token, 'ines@post.example', NOW_MS)?.caseId).to.equal(caseId);
  });

  it('says Re: once', () => {
    expect(renderReply(reply, { ...route, subject: 'Re: My order' }, mac).subject).to.equal('Re: My order');
  });

  it('is the same mail for the same entry', () => {
    expect(renderReply(reply, route, mac)).to.deep.equal(mail);
  });
});

describe('a code mail', () => {
  const mail = renderMail(due, 'help.example', mac);

  it('has exactly one six-digit number, the code', () => {
    expect(mail?.text.match(/\d{6}/g)).to.deep.equal([oneTimeCode(mac, 'stp_1')]);
    expect(mail?.subject).not.to.match(/\d/);
  });

  it('says which channel and number asked, and warns not to pass it on', () => {
    expect(mail?.text)
      .to.include('on a phone call from a number ending in 42')
      .and.to.match(/never pass it on/i);
  });

  it('says only the channel where no number asked', () => {
    const text = renderMail({ ...due, channel: 'email', digits: null }, 'help.example', mac)?.text;
    expect(text).to.include('It was asked for by e-mail.');
  });

  it('is not written to nobody', () => {
    expect(renderMail({ ...due, to: null }, 'help.example', mac)).to.equal(undefined);
  });
});

describe('the notice of a linked number', () => {
  const mail = renderMail(linked, 'help.example', mac);

  it('says which number on which channel', () => {
    expect(mail?.text).to.include('ending in 42').and.to.include('on a phone call');
  });

  it('says that it was a number where its digits are not known', () => {
    const text = renderMail({ ...linked, digits: null }, 'help.example', mac)?.text;
    expect(text).to.match(/^A number was linked to your account on a phone call\. From now on/);
  });

  it('speaks of an address, and of no number, where a mail brought the code', () => {
    const byMail = renderMail({ ...linked, channel: 'email', digits: null }, 'help.example', mac);
    expect(byMail?.subject).to.equal('An e-mail address was linked to your account');
    expect(byMail?.text)
      .to.match(/^Another e-mail address was linked to your account: /)
      .and.not.to.include('number');
  });

  it('is taken back by a reply from the address that it went to', () => {
    const { token = '' } = splitRecipient(mail?.replyTo ?? '');
    const { claimId, customerId } = linked;
    expect(readRevocationToken(mac, token, 'ines@post.example', NOW_MS)).to.deep.equal({ claimId, customerId });
  });
});
