import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Reporter } from '@throughline/kernel/ports';
import type { ActionReported, ActionRequested, CaseEvent } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS } from '@throughline/schemas/topics';
import { expect } from 'chai';
import express from 'express';
import type { Fetch } from './backend-call.ts';
import { createDemoBackend, DEMO_ACTIONS, type DemoBackend } from './demo-backend.ts';
import { createActionsReactor } from './runner.ts';

const TRY_TIMEOUT_MS = 4_000;

/** Pauses are over at once and are remembered; the time limit of a try never comes by itself. */
function hurriedClock(): Clock & { readonly pausesMs: number[] } {
  const pausesMs: number[] = [];
  return {
    pausesMs,
    nowMs: () => 9,
    after(delayMs, run) {
      if (delayMs !== TRY_TIMEOUT_MS) {
        pausesMs.push(delayMs);
        queueMicrotask(run);
      }
      return () => undefined;
    },
  };
}

function requested(name: string, stated: Partial<ActionRequested> = {}): CaseEvent {
  const body: ActionRequested = {
    caseId: 'case_1',
    number: 4,
    atMs: 1,
    actionId: 'act_1',
    name,
    effect: name === 'request_refund' ? 'write' : 'read',
    attempt: '1',
    customerId: 'cus_1',
    externalId: 'C-1001',
    parameters: [{ name: 'order_number', value: 'W2378156' }],
    contactId: 'ctc_1',
    inputId: 'inp_1',
    ...stated,
  };
  return {
    topic: CASE_EVENTS,
    key: 'case_1',
    id: 'msg_1',
    type: 'ActionRequested',
    source: 'case-state/0',
    sequence: 1,
    subject: 'case_1',
    timeMs: 1,
    traceparent: '00-trace',
    body,
  };
}

describe('the actions runner', () => {
  const servers: Server[] = [];
  let logged: string[] = [];
  let clock = hurriedClock();

  beforeEach(() => {
    logged = [];
    clock = hurriedClock();
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function serve(handler: RequestListener): Promise<string> {
    const server = createServer(handler);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function report(
    url: string,
    event: CaseEvent,
    options: { clock?: Clock; fetch?: Fetch } = {},
  ): Promise<ActionReported> {
    const log = (name: string, detail?: object): void => void logged.push(`${name} ${JSON.stringify(detail)}`);
    const reporter: Reporter = { info: log, warn: log, error: log };
    const drafts = await createActionsReactor({ actions: DEMO_ACTIONS(url), clock, reporter, ...options }).handle(
      event,
    );
    expect(drafts).to.have.length(1);
    expect(drafts[0]).to.include({ key: 'case_1', subject: 'case_1', type: 'ActionReported' });
    return drafts[0]?.body as ActionReported;
  }

  async function demo(): Promise<{ url: string; backend: DemoBackend }> {
    const backend = createDemoBackend();
    return { url: await serve(express().use(backend.router)), backend };
  }

  it('reads: what the backend says becomes facts', async () => {
    const { url } = await demo();
    const said = await report(url, requested('order_status'));
    expect(said).to.include({ outcome: 'done', actionId: 'act_1', by: 'runner', atMs: 9 });
    expect(said.facts).to.deep.include({
      name: 'order_status',
      value: 'delivered',
      sensitivity: 'status',
      assurance: 0,
      source: 'backend',
      atMs: 9,
    });
  });

  it('writes once, whatever is retried: the same action has the same key and the same report (law 3)', async () => {
    const { url, backend } = await demo();
    const first = await report(url, requested('request_refund'));
    expect(first.outcome).to.equal('pending');
    expect(first.note).to.match(/^The warehouse is checking the return/);
    expect(await report(url, requested('request_refund'))).to.deep.equal(first);
    expect([backend.requestsWith('act_1'), backend.refundsBegun()]).to.deep.equal([2, 1]);
    const second = await report(url, requested('request_refund', { actionId: 'act_2', attempt: '2' }));
    expect(second.outcome).to.equal('failed');
    expect(second.reportId).not.to.equal(first.reportId);
    expect(backend.refundsBegun()).to.equal(1);
  });

  it("does not see another customer's order", async () => {
    const { url } = await demo();
    const said = await report(url, requested('order_status', { externalId: 'C-1002' }));
    expect(said).to.deep.include({ outcome: 'failed', note: 'There is no such order.', facts: [] });
  });

  it('does not retry what was refused', async () => {
    for (const status of [400, 403, 404, 409, 422]) {
      let calls = 0;
      const url = await serve((_, response) => {
        calls += 1;
        response.writeHead(status).end('<html>no</html>');
      });
      const said = await report(url, requested('order_status'));
      expect([said.outcome, calls], String(status)).to.deep.equal(['failed', 1]);
      expect(said.note).to.match(/^[A-Z][a-z ]+\.$/);
    }
  });

  it('passes on no card number that a backend tells, in a note or in a member', async () => {
    const card = '4539148803436467';
    for (const status of [200, 202, 409]) {
      const url = await serve((_, response) => {
        response.writeHead(status).end(JSON.stringify({ status: 'pending', note: `Paid back to ${card}.`, card }));
      });
      const said = await report(url, requested('request_refund'));
      expect(said.note, String(status)).to.equal('Paid back to ••••.');
      expect(JSON.stringify(said), String(status)).not.to.include(card);
    }
  });

  it('follows no redirect', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await report(url, requested('order_status'))).outcome).to.equal('failed');
    expect(calls).to.equal(1);
  });

  it('tries three times with growing pauses where the backend fails, then says so', async () => {
    const answers: RequestListener[] = [
      (_, response) => response.writeHead(503).end(),
      (_, response) => response.end('not JSON'),
      (_, response) => response.end(JSON.stringify({ note: 'x'.repeat(70_000) })),
      (request) => request.socket.destroy(),
    ];
    for (const answer of answers) {
      clock = hurriedClock();
      let calls = 0;
      const url = await serve((request, response) => {
        calls += 1;
        answer(request, response);
      });
      const said = await report(url, requested('order_status'));
      expect(said.outcome).to.equal('failed');
      expect([calls, clock.pausesMs]).to.deep.equal([3, [500, 2_000]]);
    }
  });

  it('takes the answer of a later try', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls += 1;
      if (calls < 3) response.writeHead(500).end();
      else response.end('{"order_status":"packed"}');
    });
    expect((await report(url, requested('order_status'))).outcome).to.equal('done');
  });

  it('gives up a try that takes longer than its time', async () => {
    const impatient: Clock = {
      nowMs: () => 9,
      after(_, run) {
        queueMicrotask(run);
        return () => undefined;
      },
    };
    let aborted = 0;
    const never: Fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => {
          aborted += 1;
          reject(new Error('aborted'));
        });
      });
    const said = await report('http://shop.example', requested('order_status'), { clock: impatient, fetch: never });
    expect([said.outcome, aborted]).to.deep.equal(['failed', 3]);
  });

  it('reports what it does not know or cannot fill as failed, without a call', async () => {
    const none: Fetch = () => Promise.reject(new Error('No call was expected.'));
    for (const event of [
      requested('sell_house'),
      requested('order_status', { parameters: [] }),
      requested('order_status', { externalId: null }),
    ]) {
      expect((await report('http://shop.example', event, { fetch: none })).outcome).to.equal('failed');
    }
    expect(clock.pausesMs).to.deep.equal([]);
  });

  it('logs no values', async () => {
    const url = await serve((_, response) => response.writeHead(500).end('secret stuff'));
    await report(url, requested('request_refund'));
    expect(logged).not.to.have.length(0);
    expect(logged.join('\n')).not.to.match(/W2378156|C-1001|secret stuff/);
  });
});
