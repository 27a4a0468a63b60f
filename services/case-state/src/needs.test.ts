import type { Documents } from '@throughline/kernel/processor';
import type { CaseInput, CaseInputBodies } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import { type CaseHead, type ContactHead, caseRef, contactRef } from './documents.ts';
import { needs } from './needs.ts';
import { CASE, CHAT, joined, proposed, reported, START_MS, said, turn, weighed } from './specification.ts';

const CASE_DOCUMENT = `case ${CASE}`;
const CHAT_DOCUMENT = `contact ${CASE}/${CHAT}`;

/** What an input needs while some documents are there already, by kind and id. */
function needed<Type extends CaseInput['type']>(
  type: Type,
  body: CaseInputBodies[Type],
  there: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  const found = new Map(Object.entries(there));
  const documents: Documents = {
    has: (kind, id) => found.has(`${kind} ${id}`),
    get: <Content>(kind: string, id: string) => found.get(`${kind} ${id}`) as Content | undefined,
  };
  const input = { type, body, key: CASE } as unknown as CaseInput;
  return needs(input, documents).map(({ kind, id }) => `${kind} ${id}`);
}

const headWith = (over: Partial<CaseHead>) => ({ [CASE_DOCUMENT]: { actions: [], active: [], ...over } });
const chatWith = (over: Partial<ContactHead>) => ({
  [CASE_DOCUMENT]: {},
  [CHAT_DOCUMENT]: { unanswered: [], frames: [], ...over },
});
const action = (actionId: string, ...contactIds: readonly string[]) =>
  ({
    actionId,
    waiters: contactIds.map((contactId) => ({ contactId, inputId: 'inp_1' })),
  }) as unknown as CaseHead['actions'][number];
const seenName = (names: readonly string[]) => names.filter((name) => name.startsWith('seen '));

describe('the documents that an input needs', () => {
  it('are the case and the contact that it is about, and whether its turn was taken before', () => {
    const names = needed('CustomerSaid', said('Hello'));
    expect(names.slice(0, 2)).to.deep.equal([CASE_DOCUMENT, CHAT_DOCUMENT]);
    expect(names[2]).to.match(new RegExp(`^seen ${CASE}/ent_`));
    expect(names).to.have.length(3);
  });

  it('are the same of a turn, whichever way it comes to the case', () => {
    const withTurn = needed('ContactJoined', joined({ turn: turn('Hello') }));
    expect(withTurn).to.deep.equal(needed('CustomerSaid', said('Hello')));
    expect(needed('ContactJoined', joined())).to.deep.equal([CASE_DOCUMENT, CHAT_DOCUMENT]);
  });

  it('are no more than that where nothing is to be told from what was taken', () => {
    expect(needed('ReplyProposed', proposed())).to.deep.equal([CASE_DOCUMENT, CHAT_DOCUMENT]);
    expect(needed('TurnWeighed', weighed(null))).to.deep.equal([CASE_DOCUMENT, CHAT_DOCUMENT]);
  });

  it('are the turns that a briefing quotes, once it is known which', () => {
    const entries = [`entry ${CASE}/000000000003`, `entry ${CASE}/000000000007`];
    const there = chatWith({ unanswered: [3, 7] });
    expect(needed('ReplyProposed', proposed(), there)).to.deep.equal([CASE_DOCUMENT, CHAT_DOCUMENT, ...entries]);
    const { [CASE_DOCUMENT]: _case, ...contactOnly } = there;
    expect(needed('ReplyProposed', proposed(), contactOnly)).to.deep.equal([CASE_DOCUMENT, CHAT_DOCUMENT]);
  });

  it('are for a timer the contact that idles, and else the case alone, under whose key it fires', () => {
    expect(needed('TimerFired', { timerId: `idle:${CHAT}`, dueMs: 1 })).to.deep.equal([CASE_DOCUMENT, CHAT_DOCUMENT]);
    expect(needed('TimerFired', { timerId: `close:${CASE}`, dueMs: 1 })).to.deep.equal([CASE_DOCUMENT]);
  });

  it('are the case and what was taken before, for what concerns no contact’s state', () => {
    const look = { caseId: CASE, lookId: 'look_1', operator: 'operator' };
    expect(needed('CaseLooked', look)).to.deep.equal([CASE_DOCUMENT, `seen ${CASE}/look_1`]);
    const delivered = { contactId: CHAT, caseId: CASE, entryId: 'ent_1', detail: null, atMs: START_MS };
    expect(needed('Delivered', { ...delivered, outcome: 'delivered' })).to.deep.equal([
      CASE_DOCUMENT,
      `seen ${CASE}/delivered:ent_1:delivered`,
    ]);
    const mail = { contactId: CHAT, caseId: CASE, mailId: 'mail_1', kind: 'code' as const, to: 'a@b.example' };
    const about = { stepUpId: 'stp_1', claimId: null, customerId: 'cus_1', channel: 'chat' as const, digits: '47' };
    expect(needed('MailRequested', { ...mail, ...about })).to.deep.equal([CASE_DOCUMENT, `seen ${CASE}/mail_1`]);
  });

  it('are none for what parked records are sent again by: that is no matter of a case', () => {
    const redrive = { topic: 'case.inputs.v1', key: CASE } as unknown as CaseInputBodies['RedriveRequested'];
    expect(needed('RedriveRequested', redrive)).to.deep.equal([]);
  });

  it('are for a report everybody who waits for that action or is on the case, each once', () => {
    const report = reported('act_1');
    const first = [CASE_DOCUMENT, `seen ${CASE}/rep_1`];
    expect(needed('ActionReported', report)).to.deep.equal(first);
    const there = headWith({ actions: [action('act_0', 'ctc_0'), action('act_1', 'ctc_1', CHAT)], active: [CHAT] });
    expect(needed('ActionReported', report, there)).to.deep.equal([
      CASE_DOCUMENT,
      `contact ${CASE}/ctc_1`,
      CHAT_DOCUMENT,
      `seen ${CASE}/rep_1`,
    ]);
    const forgotten = headWith({ actions: [action('act_0', 'ctc_0')], active: [] });
    expect(needed('ActionReported', report, forgotten)).to.deep.equal(first);
    expect(needed('ActionReported', report, { [CASE_DOCUMENT]: undefined })).to.deep.equal(first);
  });
});

describe('the documents that a connection which comes back needs', () => {
  const SENT_BACK = `seen ${CASE}/sent-back:con_2`;
  const HAS = `seen ${CASE}/ent_5`;
  const back = (after: string | null, wantsFrames = true) => ({
    contactId: CHAT,
    caseId: CASE,
    connectionId: 'con_2',
    wantsFrames,
    after,
    hop: 1,
  });

  it('are what it has last and whether it was sent back before', () => {
    expect(seenName(needed('ContactReconnected', back('ent_5')))).to.deep.equal([SENT_BACK, HAS]);
    expect(seenName(needed('ContactReconnected', back(null)))).to.deep.equal([SENT_BACK]);
  });

  it('are the entries behind what it has, and all where it has nothing, or nothing of this case', () => {
    const entriesBehind = (after: string | null, seen: unknown) => {
      const there = { ...chatWith({ frames: [3, 5, 8], unanswered: [9] }), [SENT_BACK]: undefined, [HAS]: seen };
      const names = needed('ContactReconnected', back(after), there);
      return names.filter((name) => name.startsWith('entry ')).map((name) => Number(name.split('/')[1]));
    };
    expect(entriesBehind('ent_5', { caseId: CASE, number: 5 })).to.deep.equal([8]);
    expect(entriesBehind('ent_5', undefined)).to.deep.equal([3, 5, 8]);
    expect(entriesBehind(null, undefined)).to.deep.equal([3, 5, 8]);
  });

  it('are no entries at all where it wants none', () => {
    const there = { ...chatWith({ frames: [3], unanswered: [3] }), [SENT_BACK]: undefined };
    const { kind, id } = contactRef(CASE, CHAT);
    expect(needed('ContactReconnected', back(null, false), there)).to.deep.equal([
      `${caseRef(CASE).kind} ${CASE}`,
      `${kind} ${id}`,
      SENT_BACK,
    ]);
  });
});
