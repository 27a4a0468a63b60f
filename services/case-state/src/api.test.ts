import type { AddressInfo } from 'node:net';
import type { EdgeDraft } from '@throughline/kernel/edge';
import type { Reader } from '@throughline/kernel/reader';
import type { CaseShown } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import express from 'express';
import { createCaseApi } from './api.ts';
import type { ActionDocument } from './documents.ts';
import { CASE, CHAT, fact, joined, refundAction, reported, START_MS, Story, said, stranger } from './specification.ts';

/** Serves a story's documents; a look is answered as the case would answer it. */
async function serving(story: Story, isAnswering = true) {
  const sent: EdgeDraft[] = [];
  const reader: Reader = {
    async get<Content>(kind: string, id: string) {
      return story.documents.get(`${kind} ${id}`) as Content | undefined;
    },
    async list<Content>(list: string, after: string | null, limit: number) {
      const all = [...story.lists]
        .flatMap(([name, lists]) => lists.filter((each) => each.list === list).map(({ sort }) => ({ name, sort })))
        .filter(({ sort }) => after === null || sort > after)
        .sort((a, b) => (a.sort < b.sort ? -1 : 1));
      const page = all.slice(0, limit);
      const items = page.map(({ name }) => ({ kind: 'case', id: name, content: story.documents.get(name) as Content }));
      return { items, next: all.length > limit ? (page.at(-1)?.sort ?? null) : null };
    },
  };
  const app = express().use(
    createCaseApi({
      reader,
      edge: {
        async send(drafts) {
          sent.push(...drafts);
          for (const { type, body, key } of drafts) story.when(type as 'CaseLooked', body as never, key);
        },
      },
      awaitShown: async (lookId) =>
        isAnswering ? ({ lookId, caseId: CASE, number: 1, atMs: 0, operator: '', policy: '' } as CaseShown) : undefined,
      clock: { nowMs: () => START_MS, after: () => () => undefined },
      random: (bytes) => new Uint8Array(bytes).fill(7),
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${base}${path}`, init);
    return { status: response.status, etag: response.headers.get('etag'), body: JSON.parse(await response.text()) };
  };
  return { call, sent, close: () => new Promise((resolve) => server.close(resolve)) };
}

const talked = () =>
  new Story()
    .when('ContactJoined', joined())
    .when('CustomerSaid', said('My lamp broke'))
    .reply({ text: 'Which order?', asks: 'order_number', kind: 'refund', facts: [fact('reason', 'broke')] });

describe('the case API', () => {
  let api: Awaited<ReturnType<typeof serving>>;
  const serve = async (story: Story, isAnswering = true) => {
    api = await serving(story, isAnswering);
    return api;
  };
  afterEach(() => api.close());

  it('lists cases by customer, status and need, oldest first, in pages', async () => {
    const story = talked().wait(1000);
    story.when('ContactJoined', joined({ caseId: 'case_2', contactId: 'ctc_2' }), 'case_2');
    const { call } = await serve(story);
    const first = await call('/api/cases?limit=1');
    expect(first.body.items[0]).to.include({ caseId: CASE, kind: 'refund', status: 'open' });
    const second = await call(`/api/cases?limit=1&cursor=${first.body.next}`);
    expect(second.body).to.deep.include({ next: null });
    expect(second.body.items[0].caseId).to.equal('case_2');
    expect((await call('/api/cases?customer=cus_1&status=closed')).body.items).to.deep.equal([]);
    expect((await call('/api/cases?status=open')).body.items).to.have.length(2);
    expect((await call('/api/cases?needs=person')).body.items).to.deep.equal([]);
    expect((await call('/api/cases?limit=0')).status).to.equal(400);
  });

  it('shows a case by a look that is on the record, with its version as ETag', async () => {
    const story = talked();
    const { call, sent } = await serve(story);
    const answer = await call(`/api/cases/${CASE}`);
    expect(sent.map((draft) => draft.type)).to.deep.equal(['CaseLooked']);
    expect(story.events('CaseShown')).to.have.length(1);
    expect(answer.etag).to.equal(`"${story.head().version}"`);
    expect(answer.body).to.deep.include({ caseId: CASE, contacts: [CHAT] });
    expect(answer.body.question).to.include({ fact: 'order_number' });
    expect((await call('/api/cases/case_none')).status).to.equal(404);
  });

  it('shows what was promised and done, and reads secrets back to nobody', async () => {
    const story = talked().when('CustomerSaid', said('4711'));
    const secret = fact('password', 'hunter2', { sensitivity: 'secret' });
    story.reply({ action: refundAction(), facts: [secret], promise: 'We will call.', promiseDueMs: START_MS });
    const { call } = await serve(story);
    const { body } = await call(`/api/cases/${CASE}`);
    expect(body.promises[0]).to.include({ text: 'We will call.', dueAt: new Date(START_MS).toISOString() });
    expect(body.actions[0]).to.include({ name: 'request_refund', state: 'requested' });
    expect(JSON.stringify([body, (await call(`/api/cases/${CASE}/thread`)).body])).to.not.include('hunter2');
  });

  it('says so when a look is not answered in time', async () => {
    const { call } = await serve(talked(), false);
    expect((await call(`/api/cases/${CASE}`)).body.code).to.equal('look-unanswered');
  });

  it('shows the thread in pages without routes, briefings or proofs', async () => {
    const story = talked();
    const { call } = await serve(story);
    const items = [];
    let cursor = '';
    do {
      const page = await call(`/api/cases/${CASE}/thread?limit=3${cursor}`);
      items.push(...page.body.items);
      cursor = page.body.next === null ? '' : `&cursor=${page.body.next}`;
    } while (cursor !== '');
    expect(items.map((item) => item.number)).to.deep.equal(items.map((_, index) => index + 1));
    expect(items).to.have.length(story.head().version);
    expect(items.find((item) => item.type === 'InteractionAdded')).to.include({
      text: 'My lamp broke',
      channel: 'chat',
    });
    expect(items.find((item) => item.type === 'FactRecorded').fact).to.include({ value: 'broke' });
    expect(JSON.stringify(items)).to.not.match(/the way back|codeProofs|"briefing"/);
    expect((await call('/api/cases/case_none/thread')).status).to.equal(404);
    expect((await call(`/api/cases/${CASE}/thread?limit=x`)).status).to.equal(400);
  });

  it('shows a thread by a look that is on the record, which its further pages are part of', async () => {
    const story = talked();
    const { call, sent } = await serve(story);
    const first = await call(`/api/cases/${CASE}/thread?limit=1`);
    expect(sent.map(({ type, key }) => [type, key])).to.deep.equal([['CaseLooked', CASE]]);
    expect(story.events('CaseShown')).to.have.length(1);
    await call(`/api/cases/${CASE}/thread?limit=1&cursor=${first.body.next}`);
    await call('/api/cases/case_none/thread');
    expect(sent).to.have.length(1);
  });

  it('shows the briefing of a contact by a look that is on the record', async () => {
    const story = talked();
    const { call, sent } = await serve(story);
    expect(JSON.stringify((await call(`/api/contacts/${CHAT}`)).body.briefing)).to.include('broke');
    expect(sent.map(({ type, key }) => [type, key])).to.deep.equal([['CaseLooked', CASE]]);
    expect(story.events('CaseShown')).to.have.length(1);
    await call('/api/contacts/ctc_none');
    expect(sent).to.have.length(1);
  });

  it('shows the thread of a case whose question was answered', async () => {
    const story = talked().when('CustomerSaid', said('4711'));
    story.reply({ text: 'Thank you.', facts: [fact('order_number', '4711')] });
    const { call } = await serve(story);
    const { items } = (await call(`/api/cases/${CASE}/thread`)).body;
    expect(items.find((item: { type: string }) => item.type === 'QuestionAnswered')).to.include({
      fact: 'order_number',
    });
  });

  it('refuses a cursor that it never gave', async () => {
    const { call } = await serve(talked());
    const places = [`${CASE}:-9999999999`, `${CASE}:x`, 'case_of_another:1', CASE];
    for (const cursor of [...places.map((place) => Buffer.from(place).toString('base64url')), '%F0%9F%98%80', '']) {
      const { status, body } = await call(`/api/cases/${CASE}/thread?cursor=${cursor}`);
      expect([cursor, status, body.code]).to.deep.equal([cursor, 400, 'bad-query']);
    }
    expect((await call('/api/cases?cursor=*')).status).to.equal(400);
  });

  it('shows what was said in the provisional case first, marked, and finds a contact where it is now', async () => {
    const story = new Story().when('ContactJoined', stranger()).when('CustomerSaid', said('I am Ines'));
    story.when('MoveDecided', { ...joined({ disposition: 'resumed' }), toCaseId: 'case_2', hop: 2, inputId: null });
    const [forwarded] = story.forwarded('ContactJoined');
    if (forwarded) story.when('ContactJoined', forwarded, 'case_2');
    const { call, sent } = await serve(story);
    const first = await call('/api/cases/case_2/thread?limit=2');
    expect(sent.map(({ type, key }) => [type, key])).to.deep.equal([
      ['CaseLooked', CASE],
      ['CaseLooked', 'case_2'],
    ]);
    expect(first.body.items[0]).to.include({ number: 1, segmentOf: CASE });
    const rest = await call(`/api/cases/case_2/thread?cursor=${first.body.next}`);
    const all = [...first.body.items, ...rest.body.items];
    expect(all.filter((item) => item.segmentOf === CASE)).to.have.length(story.head(CASE).version);
    expect(all.filter((item) => item.segmentOf === undefined)).to.have.length(story.head('case_2').version);
    const contact = await call(`/api/contacts/${CHAT}`);
    expect(sent.at(-1)).to.include({ type: 'CaseLooked', key: 'case_2' });
    expect(contact.body).to.include({ caseId: 'case_2', assurance: 2, disposition: 'resumed' });
    expect(contact.body.briefing.receipt).to.include({ policy: 'table-1' });
    expect((await call('/api/contacts/ctc_none')).status).to.equal(404);
  });

  describe('takes the result of an action', () => {
    const post = (body: string) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const pending = () => {
      const story = talked().when('CustomerSaid', said('4711')).reply({ action: refundAction() });
      const { actionId = '' } = story.head().actions[0] ?? {};
      story.when('ActionReported', reported(actionId, { outcome: 'pending', note: 'By Friday.' }));
      return { story, actionId };
    };

    it('once, however often and in whatever order its members are sent', async () => {
      const { story, actionId } = pending();
      const { call, sent } = await serve(story);
      const answer = await call(`/api/actions/${actionId}/result`, post('{"status":"paid","amount":84}'));
      expect(answer).to.deep.include({ status: 202, body: { actionId, outcome: 'done' } });
      const { version } = story.head();
      await call(`/api/actions/${actionId}/result`, post('{"amount":84,"status":"paid"}'));
      expect(new Set(sent.map((draft) => draft.id)).size).to.equal(1);
      expect(story.head().version).to.equal(version);
      expect(story.head().facts.map(({ name, value }) => [name, value])).to.deep.include.members([
        ['refund_status', 'paid'],
        ['amount', '84'],
      ]);
    });

    for (const [status, outcome] of [
      ['rejected', 'failed'],
      ['pending', 'pending'],
      ['shipped', 'done'],
    ] as const) {
      it(`as ${outcome} when it says ${status}`, async () => {
        const { story, actionId } = pending();
        const { call } = await serve(story);
        const answer = await call(`/api/actions/${actionId}/result`, post(JSON.stringify({ status, note: 'So.' })));
        expect(answer.body.outcome).to.equal(outcome);
      });
    }

    it('only for an action that exists and in a body that can be read', async () => {
      const { story, actionId } = pending();
      const { call, sent } = await serve(story);
      expect((await call('/api/actions/act_none/result', post('{}'))).status).to.equal(404);
      expect((await call(`/api/actions/${actionId}/result`, post('[1]'))).status).to.equal(400);
      expect((await call(`/api/actions/${actionId}/result`, post('{"note":5}'))).status).to.equal(400);
      expect(sent).to.deep.equal([]);
      expect(story.documents.get(`action ${actionId}`) as ActionDocument).to.include({ name: 'request_refund' });
    });
  });
});
