import { expect } from 'chai';
import { CASE, CHAT, fact, joined, refundAction, reported, START_MS, Story, said, turn } from './specification.ts';

const asked = (text = 'Refund please') => new Story().when('ContactJoined', joined()).when('CustomerSaid', said(text));
const refund = () => asked().reply({ action: refundAction(), kind: 'refund' });
const idOf = (story: Story): string => story.head().actions.at(-1)?.actionId ?? '';

describe('what stands on the record of a case', () => {
  it('is how it began, for whom and where, and identity hears of it', () => {
    const story = new Story().when('ContactJoined', joined());
    expect(story.types()).to.deep.equal(['CaseOpened', 'ContactBriefed', 'CaseNoticed']);
    expect(story.events('CaseOpened')[0]).to.deep.equal({
      caseId: CASE,
      number: 1,
      atMs: START_MS,
      customerId: 'cus_1',
      provisional: false,
      channel: 'chat',
    });
    expect(story.toIdentity('CaseNoticed')[0]).to.deep.equal({
      caseId: CASE,
      customerId: 'cus_1',
      version: 2,
      status: 'open',
      kind: null,
      references: [],
      continuedIn: null,
      atMs: START_MS,
    });
    expect(story.said.map(({ topic, key, subject }) => [topic, key, subject])).to.deep.equal([
      ['case.events.v1', CASE, CASE],
      ['case.events.v1', CASE, CASE],
      ['identity.inputs.v1', 'default', CASE],
    ]);
    expect(story.documents.get(`contact-home ${CHAT}`)).to.deep.equal({ caseId: CASE, contactId: CHAT });
    expect(story.head()).to.include({ openedBy: CHAT, openedMs: START_MS, changedMs: START_MS, needsPerson: false });
  });

  it('is a briefing with all that its reader is to know of the contact, and for what a reply is due', () => {
    const story = asked();
    const { briefing, receipt, ...briefed } = story.briefing();
    expect(briefed).to.deep.equal({
      caseId: CASE,
      number: 5,
      atMs: START_MS,
      contactId: CHAT,
      channel: 'chat',
      cause: 'turn',
      inputId: turn('Refund please').inputId,
      hop: 1,
      disposition: 'opened',
      assurance: 2,
      settled: true,
      codeAwaited: false,
      verdict: null,
      triesLeft: 0,
      connectionId: 'con_1',
      replyDue: true,
      basis: 3,
    });
    expect(receipt).to.deep.include({ policy: 'table-1', budgetBytes: 4096 });
    expect(receipt.given).to.deep.include({ item: 'case:status', sensitivity: 'status', reason: 'own' });
    expect(briefing).to.deep.include({ status: 'open', kind: null, firstWords: true, newsWithheld: 0 });
    expect(story.contact().due).to.deep.equal({
      inputId: turn('Refund please').inputId,
      basis: 3,
      cause: 'turn',
      verdict: null,
      triesLeft: 0,
      round: 0,
    });
    expect(story.contact().briefedNumber).to.equal(5);
  });

  it('is each reply with what it was made on, how sensitive it is, and the way it takes', () => {
    const story = asked().reply({ text: 'It is asked for.', playbook: 'refund' });
    const { entryId, ...said } = story.events('ReplyAccepted')[0] ?? {};
    expect(entryId).to.match(/^ent_/);
    expect(said).to.deep.equal({
      caseId: CASE,
      number: 6,
      atMs: START_MS,
      contactId: CHAT,
      channel: 'chat',
      inputId: turn('Refund please').inputId,
      text: 'It is asked for.',
      sensitivity: 'personal',
      assurance: 2,
      from: 'agent',
      route: 'the way back',
      answerable: true,
      playbook: 'refund',
    });
    expect(story.contact()).to.deep.include({ lastRepliedNumber: 6, reopened: false, carried: [] });
    expect(story.head().tail.map(({ from, text, inputId }) => [from, text, inputId])).to.deep.equal([
      ['customer', 'Refund please', turn('Refund please').inputId],
      ['agent', 'It is asked for.', null],
    ]);
  });

  it('is each refusal, with what the reply had not known', () => {
    const story = asked();
    const { inputId = '', basis = 0 } = story.contact().due ?? {};
    story.when('CustomerSaid', said('Hello?')).reply({ inputId, basis, text: 'Yes' });
    expect(story.events('ReplyRefused')[0]).to.deep.equal({
      caseId: CASE,
      number: 9,
      atMs: START_MS,
      contactId: CHAT,
      inputId,
      basis,
      newest: story.head().basis,
      reason: 'superseded',
    });
  });

  it('is each action, from what was asked to what came of it', () => {
    const story = refund();
    const actionId = idOf(story);
    expect(story.events('ActionRequested')[0]).to.deep.equal({
      caseId: CASE,
      number: 7,
      atMs: START_MS,
      actionId,
      name: 'request_refund',
      effect: 'write',
      attempt: '1',
      customerId: 'cus_1',
      externalId: 'C-1',
      parameters: [{ name: 'orderId', value: '4711' }],
      contactId: CHAT,
      inputId: turn('Refund please').inputId,
    });
    expect(story.events('StatusChanged')[0]).to.include({
      from: 'open',
      to: 'open',
      kind: 'refund',
      needsPerson: false,
    });
    expect(story.head()).to.include({ kind: 'refund', kindFrom: CHAT });
    story.wait(9).when('ActionReported', reported(actionId, { outcome: 'pending', note: 'By Friday.' }));
    expect(story.events('ActionUpdated')[0]).to.deep.include({
      by: 'runner',
      action: {
        actionId,
        name: 'request_refund',
        effect: 'write',
        state: 'pending',
        attempt: '1',
        note: 'By Friday.',
        atMs: START_MS + 9,
      },
    });
    expect(story.head().actions[0]).to.deep.include({ told: false, state: 'pending', atMs: START_MS + 9 });
  });

  it('is each promise, by whom it was made, and how it ended', () => {
    const story = refund();
    story.when('ActionReported', reported(idOf(story), { outcome: 'pending', promiseDueMs: START_MS + 50 }));
    const [made] = story.events('PromiseMade');
    expect(made).to.deep.include({ contactId: CHAT });
    expect(made?.promise).to.deep.include({
      sensitivity: 'status',
      dueMs: START_MS + 50,
      state: 'open',
      atMs: START_MS,
    });
    expect(made?.promise.text, 'a customer hears something also where the backend says nothing').to.match(/\w/);
    expect([...story.timers.values()]).to.include(START_MS + 50);
    story.when('ActionReported', reported(idOf(story), { by: 'backend', reportId: 'rep_2' }));
    expect(story.events('PromiseEnded')[0]).to.include({ promiseId: made?.promise.promiseId, state: 'kept' });
    expect([...story.timers.values()]).to.not.include(START_MS + 50);
    expect(story.wait(100).said.filter(({ type }) => type === 'PromiseEnded')).to.have.length(1);
  });

  it('is each question, by whom it was asked and with what assurance', () => {
    const story = asked().reply({ text: 'Which order?', asks: 'order_number' });
    const question = { fact: 'order_number', text: 'Which order?', contactId: CHAT, atMs: START_MS };
    expect(story.events('QuestionAsked')[0]?.question).to.deep.equal(question);
    expect(story.head().question).to.deep.equal({ ...question, assurance: 2 });
    story.when('CustomerSaid', said('4711')).reply({ text: 'Hm', facts: [fact('reason', 'broke')] });
    expect(story.types()).to.not.include('QuestionAnswered');
    expect(story.reply({ asks: 'reason' }).types()).to.not.include('QuestionAsked');
  });

  it('is each contact that ends, with its channel and reason', () => {
    const left = { contactId: CHAT, caseId: CASE, reason: 'hung-up' as const, atMs: START_MS };
    const story = new Story().when('ContactJoined', joined()).when('ContactLeft', left);
    expect(story.events('ContactEnded')[0]).to.include({ contactId: CHAT, channel: 'chat', reason: 'hung-up' });
    expect(story.head().active).to.deep.equal([]);
    expect([...story.timers.keys()]).to.deep.equal([]);
  });
});
