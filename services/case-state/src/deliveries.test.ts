import { expect } from 'chai';
import { CASE, CHAT, joined, START_MS, Story } from './specification.ts';

const opened = () => new Story().when('ContactJoined', joined());

describe('what stands on the record besides what was said', () => {
  it('is each delivery, once for each outcome (law 9)', () => {
    const delivered = { contactId: CHAT, caseId: CASE, entryId: 'ent_1', detail: null, atMs: START_MS };
    const story = opened().when('Delivered', { ...delivered, outcome: 'interrupted' });
    expect(story.types()).to.deep.equal(['DeliveryRecorded']);
    expect(story.events('DeliveryRecorded')[0]).to.include({
      contactId: CHAT,
      entryId: 'ent_1',
      outcome: 'interrupted',
      detail: null,
    });
    expect(story.when('Delivered', { ...delivered, outcome: 'interrupted' }).said).to.deep.equal([]);
    expect(story.when('Delivered', { ...delivered, outcome: 'delivered' }).types()).to.have.length(1);
  });

  it('is each look of a person, once', () => {
    const looked = { caseId: CASE, lookId: 'look_1', operator: 'operator' };
    const story = opened().when('CaseLooked', looked);
    expect(story.events('CaseShown')[0]).to.include({ lookId: 'look_1', policy: 'table-1' });
    expect(story.when('CaseLooked', looked).said).to.deep.equal([]);
    expect(new Story().when('CaseLooked', looked).said).to.deep.equal([]);
  });

  it('is each mail about an identifier, once, and its address is not kept in the thread', () => {
    const mail = {
      contactId: CHAT,
      caseId: CASE,
      mailId: 'mail_1',
      kind: 'code' as const,
      to: 'ines@post.example',
      stepUpId: 'stp_1',
      claimId: null,
      customerId: 'cus_1',
      channel: 'chat' as const,
      digits: '47',
    };
    const story = opened().when('MailRequested', mail);
    expect(story.events('MailDue')[0]).to.include({ to: 'ines@post.example', mailId: 'mail_1' });
    expect(JSON.stringify([...story.documents])).to.not.include('ines@post.example');
    expect(story.when('MailRequested', mail).said).to.deep.equal([]);
  });
});
