import { ERASED } from '@throughline/kernel/envelope';
import { deriveId } from '@throughline/kernel/ids';
import type { CaseEvent, ContactBriefed } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS } from '@throughline/schemas/topics';
import { expect } from 'chai';
import { briefed, TOOLS, turn } from './playbooks/given.ts';
import { createPlaybookModel } from './playbooks/playbook.ts';
import { createAgentReactor } from './reactor.ts';

const reactor = createAgentReactor({
  model: createPlaybookModel(),
  actions: TOOLS,
  clock: { nowMs: () => 5, after: () => () => undefined },
});

function event(body: ContactBriefed): CaseEvent {
  return {
    topic: CASE_EVENTS,
    key: body.caseId,
    id: 'msg_1',
    type: 'ContactBriefed',
    source: 'case-state/0',
    sequence: 1,
    subject: body.caseId,
    timeMs: 1,
    traceparent: '00-trace',
    body,
  };
}

describe('the agent', () => {
  it('answers only briefings that are due a reply', () => {
    expect(reactor.wants(event(briefed()))).to.equal(true);
    expect(reactor.wants(event(briefed({ replyDue: false })))).to.equal(false);
  });

  it('answers with one proposal that copies what it answers and what it knew', async () => {
    const given = briefed({ inputId: 'inp_9', basis: 41, cause: 'stale' }, { unanswered: [turn('I want a refund')] });
    const [draft, ...more] = await reactor.handle(event(given));
    expect(more).to.deep.equal([]);
    expect(draft).to.deep.include({
      topic: CASE_INPUTS,
      key: 'case_1',
      subject: 'case_1',
      type: 'ReplyProposed',
      traceparent: '00-trace',
      timeMs: 5,
    });
    expect(draft?.body).to.deep.include({
      contactId: 'ctc_1',
      caseId: 'case_1',
      inputId: 'inp_9',
      basis: 41,
      asks: 'order_number',
    });
    expect(draft?.id).to.equal(deriveId('msg', 'ReplyProposed', 'ctc_1', 'inp_9', '41', 'stale'));
  });

  it('sends the same message for the same briefing handed twice', async () => {
    const given = event(briefed({}, { unanswered: [turn('I want a refund')] }));
    expect(await reactor.handle(given)).to.deep.equal(await reactor.handle(given));
  });

  it('is silent in a case that has been erased', async () => {
    expect(await reactor.handle(event(briefed({}, { unanswered: [turn(ERASED)] })))).to.deep.equal([]);
  });
});
