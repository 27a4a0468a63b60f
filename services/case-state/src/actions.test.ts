import { expect } from 'chai';
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
  turn,
} from './specification.ts';

const PHONE = 'ctc_phone';
const refund = () =>
  new Story()
    .when('ContactJoined', joined())
    .when('CustomerSaid', said('Refund please'))
    .reply({ action: refundAction(), kind: 'refund' });

const idOf = (story: Story): string => story.head().actions.at(-1)?.actionId ?? '';

describe('an action', () => {
  it('is requested with what a backend needs', () => {
    const story = refund();
    expect(story.events('ActionRequested')[0]).to.deep.include({
      name: 'request_refund',
      attempt: '1',
      customerId: 'cus_1',
      externalId: 'C-1',
      parameters: [{ name: 'orderId', value: '4711' }],
    });
    expect(story.documents.get(`action ${idOf(story)}`)).to.include({ caseId: CASE });
  });

  it('runs once, on however many channels it is asked for (law 3)', () => {
    const story = refund()
      .when('ContactJoined', joined({ contactId: PHONE, channel: 'voice', disposition: 'resumed' }))
      .reply({ action: refundAction() }, PHONE);
    expect(story.events('ActionRequested')).to.have.length(0);
    const done = story.when('ActionReported', reported(idOf(story))).events('ContactBriefed');
    expect(done.map((each) => each.contactId)).to.have.members([CHAT, PHONE]);
  });

  it('has its answer at once for who asks later', () => {
    const story = refund();
    story.when('ActionReported', reported(idOf(story), { outcome: 'pending', note: 'By Friday.' }));
    story
      .when('ContactJoined', joined({ contactId: PHONE, channel: 'voice', disposition: 'resumed' }))
      .reply({ action: refundAction() }, PHONE);
    expect(story.types()).to.deep.equal(['ContactBriefed']);
    expect(story.briefing()).to.include({ cause: 'action', contactId: PHONE });
    for (let round = 0; round < 3; round += 1) story.reply({ action: refundAction() }, PHONE);
    expect(story.head().needsPerson).to.equal(true);
  });

  it('is not run for who is not sure enough, nor in a provisional case: that is a step-up', () => {
    const low = new Story()
      .when('ContactJoined', joined({ assurance: 1 }))
      .when('CustomerSaid', said('Refund'))
      .reply({ action: refundAction() });
    expect(low.types()).to.deep.equal(['StepUpRequested']);
    const unknown = new Story()
      .when('ContactJoined', stranger({ disposition: 'verify', assurance: 2 }))
      .reply({ action: refundAction(0) });
    expect(unknown.types()).to.deep.equal(['StepUpRequested']);
  });

  it('puts the case into waiting with a promise while it is pending', () => {
    const story = refund();
    const dueMs = START_MS + 1000;
    story.when(
      'ActionReported',
      reported(idOf(story), { outcome: 'pending', note: 'By Friday.', promiseDueMs: dueMs }),
    );
    expect(story.head()).to.include({ status: 'waiting' });
    expect(story.events('PromiseMade')[0]?.promise).to.include({ text: 'By Friday.', dueMs });
    expect(story.briefing()).to.include({ cause: 'action', replyDue: true });
    expect(story.briefing().briefing.actions[0]).to.include({ state: 'pending', note: 'By Friday.' });
    expect(story.reply({ text: 'By Friday.' }).head().status).to.equal('waiting');
  });

  it('keeps its promise when the backend says so later, tells who is there, and is then resolved', () => {
    const story = refund();
    const actionId = idOf(story);
    story.when('ActionReported', reported(actionId, { outcome: 'pending', note: 'By Friday.' }));
    story.reply({ text: 'By Friday.' });
    story.when('ContactJoined', joined({ contactId: PHONE, channel: 'voice', disposition: 'resumed' }));
    story.reply({ text: 'Hello, by Friday.' }, PHONE);
    const facts = [fact('refund_status', 'paid', { source: 'backend' })];
    const later = reported(actionId, { by: 'backend', reportId: 'rep_2', facts });
    story.when('ActionReported', later);
    expect(story.events('PromiseEnded')[0]?.state).to.equal('kept');
    expect(story.events('StatusChanged')[0]).to.include({ from: 'waiting', to: 'open' });
    expect(story.events('FactRecorded')[0]?.fact).to.include({ source: 'backend', assurance: 0 });
    expect(story.events('ContactBriefed').map((each) => each.inputId)).to.deep.equal([
      `action:${actionId}:done`,
      `action:${actionId}:done`,
    ]);
    story.reply({ text: 'It is paid.' }, PHONE);
    expect(story.head().status).to.equal('resolved');
    expect(story.when('ActionReported', later).said).to.deep.equal([]);
  });

  it('answers a mail that asked, even when nobody else is there', () => {
    const story = new Story()
      .when('ContactJoined', joined({ channel: 'email' }))
      .when('CustomerSaid', said('Refund'))
      .reply({ action: refundAction() });
    story.when('ContactLeft', { contactId: CHAT, caseId: CASE, reason: 'done', atMs: START_MS });
    story.when('ActionReported', reported(idOf(story)));
    expect(story.briefing().replyDue).to.equal(true);
  });

  it('says nothing to who has hung up', () => {
    const story = refund();
    story.when('ContactLeft', { contactId: CHAT, caseId: CASE, reason: 'left', atMs: START_MS });
    expect(story.when('ActionReported', reported(idOf(story))).events('ContactBriefed')).to.deep.equal([]);
  });

  it('asks for a person when it failed, and may be tried anew', () => {
    const story = refund();
    story.when('ActionReported', reported(idOf(story), { outcome: 'failed' }));
    expect(story.head().needsPerson).to.equal(true);
    story.reply({ action: refundAction() });
    expect(story.events('ActionRequested')[0]?.attempt).to.equal('2');
  });

  it('takes each report once and no report after the end', () => {
    const story = refund();
    const actionId = idOf(story);
    story.when('ActionReported', reported(actionId));
    expect(story.when('ActionReported', reported(actionId)).said).to.deep.equal([]);
    story.when('ActionReported', reported(actionId, { outcome: 'failed', reportId: 'rep_9' }));
    expect(story.said).to.deep.equal([]);
  });

  it('means nothing where the case has no such action, or has let go of it', () => {
    expect(refund().when('ActionReported', reported('act_none')).said).to.deep.equal([]);
  });

  it('tells its news with the reply that is due already', () => {
    const story = refund().when('CustomerSaid', said('Hurry'));
    const dueFor = story.contact().due?.inputId;
    story.when('ActionReported', reported(idOf(story)));
    expect(story.briefing().inputId).to.equal(dueFor);
  });

  it('is the same one in whatever order its parameters come, and another one by any of their values', () => {
    const asked = (...parameters: readonly { readonly name: string; readonly value: string }[]) => ({
      action: { ...refundAction(), parameters: [...parameters] },
    });
    const [order, reason] = [
      { name: 'orderId', value: '4711' },
      { name: 'reason', value: 'broke' },
    ];
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Refund please'));
    story.reply(asked(order, reason));
    expect(idOf(story)).to.match(/^act_/);
    const requests = (text: string, proposal: ReturnType<typeof asked>) =>
      story.when('CustomerSaid', said(text)).reply(proposal).events('ActionRequested').length;
    expect(requests('Again', asked(reason, order))).to.equal(0);
    expect(requests('Late', asked(order, { ...reason, value: 'late' }))).to.equal(1);
  });

  it('is tried anew as often as it failed itself, whatever else failed', () => {
    const story = refund();
    story.when('ActionReported', reported(idOf(story), { outcome: 'failed' }));
    story.reply({ action: { ...refundAction(), name: 'exchange' } });
    expect(story.events('ActionRequested')[0]?.attempt).to.equal('1');
  });

  it('that is done leaves a case resolved that was, and one waiting that waits for something else', () => {
    const closed = refund();
    closed.when('CustomerSaid', said('Thanks')).reply({ text: 'Good.', resolves: true });
    closed.when('ActionReported', reported(idOf(closed)));
    expect(closed.head().status).to.equal('resolved');
    const story = refund();
    const first = idOf(story);
    story.when('CustomerSaid', said('Exchange it')).reply({ action: { ...refundAction(), name: 'exchange' } });
    for (const [index, actionId] of [first, idOf(story)].entries())
      story.when('ActionReported', reported(actionId, { outcome: 'pending', reportId: `rep_p${index}` }));
    story.when('ActionReported', reported(first, { by: 'backend', reportId: 'rep_2' }));
    expect(story.head().status).to.equal('waiting');
  });

  it('that is done opens a case again though something is still looked up', () => {
    const story = refund();
    const actionId = idOf(story);
    story.when('ActionReported', reported(actionId, { outcome: 'pending' }));
    story.when('CustomerSaid', said('Where is it?'));
    story.reply({ action: { ...refundAction(), name: 'order_status', effect: 'read' } });
    story.when('ActionReported', reported(idOf(story), { outcome: 'pending', reportId: 'rep_2' }));
    story.when('ActionReported', reported(actionId, { by: 'backend', reportId: 'rep_3' }));
    expect(story.head().status).to.equal('open');
  });

  it('is told to those who are here, under the turn that asked, and to nobody who has moved', () => {
    const story = refund().when('ContactJoined', joined({ contactId: PHONE, disposition: 'resumed' }));
    story.reply({ action: refundAction() }, PHONE).when('MoveDecided', decidedMove(null, { contactId: PHONE }));
    story.when('ActionReported', reported(idOf(story)));
    const told = story.events('ContactBriefed').map(({ contactId, inputId }) => [contactId, inputId]);
    expect(told).to.deep.equal([[CHAT, turn('Refund please').inputId]]);
  });

  it('forgets ended writes beyond a hundred, the oldest first, and none that is under way', () => {
    const story = refund();
    story.when('ActionReported', reported(idOf(story), { outcome: 'pending' })).reply({ text: 'It takes a day.' });
    const [running] = story.head().actions;
    const ended = Array.from({ length: 101 }, (_, n) => ({ ...running, actionId: `act_${n}`, state: 'done' }));
    story.documents.set(`case ${CASE}`, { ...story.head(), actions: [running, ...ended] });
    story.when('CustomerSaid', said('Exchange it')).reply({ action: { ...refundAction(), name: 'exchange' } });
    const { actions } = story.head();
    expect(actions).to.have.length(100);
    expect(actions.slice(0, 2).map(({ actionId }) => actionId)).to.deep.equal([running?.actionId, 'act_3']);
    expect(actions.at(-1)?.name).to.equal('exchange');
  });

  it('forgets ended reads before writes, so that no write runs again', () => {
    const story = refund();
    story.when('ActionReported', reported(idOf(story)));
    story.reply({ text: 'Done.' });
    for (let index = 0; index < 30; index += 1) {
      const read = { ...refundAction(), name: 'order_status', effect: 'read' as const };
      story.when('CustomerSaid', said(`Where is it? ${index}`)).reply({ action: read });
      story.when('ActionReported', reported(idOf(story), { reportId: `rep_r${index}` })).reply({ text: 'Here.' });
    }
    expect(story.head().actions.length).to.be.at.most(21);
    story.when('CustomerSaid', said('Refund again')).reply({ action: refundAction() });
    expect(story.events('ActionRequested')).to.have.length(0);
  });
});
