import { expect } from 'chai';
import { caseLists } from './documents.ts';
import {
  CASE,
  CHAT,
  decidedMove,
  fact,
  joined,
  refundAction,
  reported,
  START_MS,
  Story,
  said,
  stranger,
} from './specification.ts';

const CLOSE = `close:${CASE}`;
const PHONE = 'ctc_phone';
const asked = () => new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Refund please'));
const lastId = (story: Story): string => story.head().actions.at(-1)?.actionId ?? '';

describe('the status of a case', () => {
  it('says where a closed case is continued, also where it was closed before', () => {
    const story = new Story().when('ContactJoined', stranger());
    story.when('ContactLeft', { contactId: CHAT, caseId: CASE, reason: 'left', atMs: START_MS });
    story.when('MoveDecided', decidedMove(null));
    expect(story.events('StatusChanged')[0]).to.include({ from: 'closed', to: 'closed', continuedIn: 'case_2' });
    expect(story.toIdentity('CaseNoticed')[0]).to.include({ status: 'closed', continuedIn: 'case_2' });
  });

  it('keeps from whom the kind of the matter is, until another makes it another kind', () => {
    const story = asked().reply({ text: 'I see.', kind: 'refund' });
    story.when('ContactJoined', joined({ contactId: PHONE, disposition: 'resumed' }));
    story.reply({ text: 'A person calls.', kind: 'refund', handover: 'Wants one.' }, PHONE);
    expect(story.head()).to.include({ status: 'waiting', kind: 'refund', kindFrom: CHAT });
    story.when('CustomerSaid', said('No, exchange it', PHONE)).reply({ text: 'Yes.', kind: 'exchange' }, PHONE);
    expect(story.head()).to.include({ kind: 'exchange', kindFrom: PHONE });
  });

  it('puts a case on the list of those that need a person only while it does, by when it was opened', () => {
    const story = asked();
    const sort = `${String(START_MS).padStart(15, '0')}/${CASE}`;
    expect(sort).to.match(/^00\d{13}\/case_1$/);
    expect(caseLists(story.head())).to.deep.equal([
      { list: 'all', sort },
      { list: 'customer:cus_1', sort },
      { list: 'status:open', sort },
    ]);
  });
});

describe('what identity hears of a case', () => {
  const noticed = (story: Story) => story.toIdentity('CaseNoticed').length;

  it('is each change by which it finds or offers the case, and nothing else', () => {
    expect(noticed(asked()), 'a turn').to.equal(0);
    expect(noticed(asked().reply({ text: 'I see.' })), 'a reply').to.equal(0);
    expect(noticed(asked().reply({ text: 'Done.', resolves: true })), 'a status').to.equal(1);
    expect(noticed(asked().reply({ text: 'I see.', kind: 'refund' })), 'a kind').to.equal(1);
    expect(noticed(asked().reply({ text: 'I see.', facts: [fact('order_number', '4711')] })), 'an order').to.equal(1);
    expect(noticed(asked().reply({ text: 'I see.', facts: [fact('reason', 'broke')] })), 'another fact').to.equal(0);
  });
});

describe('what a reply must know of (law 4)', () => {
  const basisAfter = (story: Story) => story.head().basis;

  it('is each turn, fact, change of status, action and what came of it', () => {
    const story = asked();
    expect(basisAfter(story)).to.equal(story.events('InteractionAdded')[0]?.number);
    story.reply({ text: 'I see.', facts: [fact('reason', 'broke')] });
    expect(basisAfter(story)).to.equal(story.events('FactRecorded')[0]?.number);
    story.when('CustomerSaid', said('And?')).reply({ text: 'Yes.', kind: 'refund' });
    expect(basisAfter(story)).to.equal(story.events('StatusChanged')[0]?.number);
    story.when('CustomerSaid', said('So?')).reply({ action: refundAction() });
    expect(basisAfter(story)).to.equal(story.events('ActionRequested')[0]?.number);
    story.when('ActionReported', reported(lastId(story)));
    expect(basisAfter(story)).to.equal(story.events('ActionUpdated')[0]?.number);
  });

  it('is neither a reply nor a promise, a question or a briefing', () => {
    const story = asked();
    const before = basisAfter(story);
    story.reply({ text: 'Which order?', asks: 'order_number', promise: 'We call.' });
    expect(story.types()).to.deep.equal(['QuestionAsked', 'PromiseMade', 'ReplyAccepted']);
    expect(basisAfter(story)).to.equal(before);
  });
});

describe('what is kept of a case', () => {
  it('is nothing where nothing happened', () => {
    const none = new Story().when('TimerFired', { timerId: CLOSE, dueMs: 0 });
    expect([...none.documents]).to.deep.equal([]);
    const story = asked().wait(5).when('CustomerSaid', said('Refund please'));
    expect(story.head().changedMs).to.equal(START_MS);
    expect(story.when('CustomerSaid', said('Again')).head().changedMs).to.equal(START_MS + 5);
  });

  it('is each entry with its number, and with its contact and channel where it has them', () => {
    const story = asked();
    const entries = [1, 3].map((number) => story.documents.get(`entry ${CASE}/${String(number).padStart(12, '0')}`));
    const [opened, added] = entries as { body: unknown }[];
    expect(opened).to.deep.equal({
      caseId: CASE,
      number: 1,
      type: 'CaseOpened',
      atMs: START_MS,
      channel: 'chat',
      contactId: null,
      body: { caseId: CASE, number: 1, atMs: START_MS, customerId: 'cus_1', provisional: false, channel: 'chat' },
    });
    expect(added).to.deep.include({ number: 3, type: 'InteractionAdded', channel: 'chat', contactId: CHAT });
    expect([...story.documents.keys()].filter((name) => name.startsWith(`seen ${CASE}/ent_`))).to.have.length(1);
  });

  it('waits for its case: a mail about one that nobody has opened yet is parked', () => {
    const mail = { contactId: CHAT, caseId: CASE, mailId: 'mail_1', kind: 'code' as const, to: 'a@b.example' };
    const about = { stepUpId: 'stp_1', claimId: null, customerId: 'cus_1', channel: 'chat' as const, digits: '47' };
    expect(() => new Story().when('MailRequested', { ...mail, ...about })).to.throw('There is no such case yet.');
  });
});
