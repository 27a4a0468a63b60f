import { deriveId } from '@throughline/kernel/ids';
import { normalizeEmail } from '@throughline/language/identifiers';
import { expect } from 'chai';
import fc from 'fast-check';
import { mac, NOW_MS } from './testing/mail-world.ts';
import {
  entryMessageId,
  makeCaseToken,
  makeRevocationToken,
  readCaseToken,
  readEntryMessageId,
  readRevocationToken,
  splitRecipient,
  withToken,
} from './token.ts';

const DAY_MS = 86_400_000;
const caseId = deriveId('case', 'one');
const claim = { claimId: deriveId('clm', 'one'), customerId: deriveId('cus', 'one') };
const ines = 'ines@post.example';

describe('reply tokens', () => {
  const token = makeCaseToken(mac, caseId, ines, NOW_MS) ?? '';

  it('name their case to the address that they were made for', () => {
    expect(readCaseToken(mac, token, ines, NOW_MS)?.caseId).to.equal(caseId);
  });

  it('are worth nothing to any other address', () => {
    expect(readCaseToken(mac, token, 'tom@post.example', NOW_MS)).to.equal(undefined);
  });

  it('live for 30 days', () => {
    expect(readCaseToken(mac, token, ines, NOW_MS + 29 * DAY_MS)?.caseId).to.equal(caseId);
    expect(readCaseToken(mac, token, ines, NOW_MS + 30 * DAY_MS)).to.equal(undefined);
  });

  it('cannot be changed in any character', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: token.length - 1 }), fc.constantFrom(...'0a9z'), (at, char) => {
        fc.pre(token[at] !== char);
        const changed = `${token.slice(0, at)}${char}${token.slice(at + 1)}`;
        expect(readCaseToken(mac, changed, ines, NOW_MS)).to.equal(undefined);
      }),
    );
  });

  it('fit into a local part with every mailbox, and come off again', () => {
    for (const mailbox of ['support@help.example', `${'long'.repeat(16)}@help.example`]) {
      const address = withToken(mailbox, token);
      expect(normalizeEmail(address)).to.deep.equal({ ok: true, value: address });
      expect(splitRecipient(address).token).to.equal(token);
    }
    expect(splitRecipient(withToken('support@help.example', token)).base).to.equal('support@help.example');
  });

  it('are not made for what is no case of ours', () => {
    expect(makeCaseToken(mac, 'case_1', ines, NOW_MS)).to.equal(undefined);
  });
});

describe('revocation tokens', () => {
  const token = makeRevocationToken(mac, claim, ines, NOW_MS) ?? '';

  it('name claim and customer to the address that they were sent to, and to no other', () => {
    expect(readRevocationToken(mac, token, ines, NOW_MS)).to.deep.equal(claim);
    expect(readRevocationToken(mac, token, 'tom@post.example', NOW_MS)).to.equal(undefined);
  });

  it('fit into a local part', () => {
    expect(token.length).to.be.at.most(64);
    expect(splitRecipient(`${token}@help.example`)).to.deep.equal({ base: 'support@help.example', token });
  });

  it('are no tokens of a case', () => {
    expect(readCaseToken(mac, token, ines, NOW_MS)).to.equal(undefined);
  });
});

describe('message ids', () => {
  const entry = { caseId, entryId: deriveId('ent', 'one') };
  const messageId = entryMessageId(mac, entry, ines, 'help.example');

  it('are the same for the same entry', () => {
    expect(entryMessageId(mac, entry, ines, 'help.example')).to.equal(messageId);
  });

  it('show their case to the address that the mail went to, and to no other', () => {
    expect(readEntryMessageId(mac, messageId, ines)).to.equal(caseId);
    expect(readEntryMessageId(mac, messageId, 'tom@post.example')).to.equal(undefined);
  });

  it('of other cases cannot be made from them', () => {
    const forged = messageId.replace(caseId, deriveId('case', 'two'));
    expect(readEntryMessageId(mac, forged, ines)).to.equal(undefined);
  });
});
