import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCaseProcessor } from '@throughline/case-state/processor';
import { createEdge } from '@throughline/kernel/edge';
import { goOn } from '@throughline/kernel/steps';
import { openEngines } from '@throughline/mesh/engines';
import { type Hosted, hostService } from '@throughline/platform/hosting';
import { realClock, realRandom } from '@throughline/platform/world';
import { CASE_EVENTS, CASE_INPUTS } from '@throughline/schemas/topics';
import type { Foundation, Service } from '@throughline/service/service';
import { createLogger } from '@throughline/telemetry/logging';
import { expect } from 'chai';
import express from 'express';
import { until } from '../flow/until.ts';

const TOKEN = 'token-of-the-operators';

describe('a service that a process hosts', () => {
  let directory: string;
  let on: Foundation;
  let close: () => void;
  let hosted: Hosted | undefined;
  let unreachable: readonly string[];
  let checkStore: (processors: readonly string[]) => void;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'throughline-hosting-'));
    const reporter = createLogger({ service: 'test', level: 'silent' });
    const world = { clock: realClock, random: realRandom, reporter };
    const engines = await openEngines({ directory, masterKey: undefined, ...world });
    on = { ...engines, ...world, reach: goOn };
    close = engines.close;
    unreachable = [];
    checkStore = () => undefined;
  });
  afterEach(async () => {
    await hosted?.stop();
    hosted = undefined;
    close();
    rmSync(directory, { recursive: true, force: true });
  });

  const host = async (service: Service, operatorToken?: string): Promise<string> => {
    const http = { host: '127.0.0.1', port: 0 };
    hosted = await hostService({
      on,
      build: () => service,
      http,
      operatorToken,
      checkStore: async (processors) => checkStore(processors),
      unreachable: async () => unreachable,
    });
    return `http://127.0.0.1:${hosted.httpPort}`;
  };
  const isReady = (url: string) => until('it to be ready', async () => (await fetch(`${url}/readyz`)).ok);
  /** A reactor whose work goes on until `release`. */
  const slowReactor = () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const handled: string[] = [];
    let taken = 0;
    const reactor = {
      name: 'slow',
      topic: CASE_INPUTS,
      wants: () => true,
      async handle({ id }: { id: string }) {
        taken += 1;
        await released;
        handled.push(id);
        return [];
      },
    };
    return { reactor, release, handled, taken: () => taken };
  };
  const send = (id: string) =>
    createEdge({ ...on, source: 'operators' }).send([
      {
        topic: CASE_INPUTS,
        key: 'case_1',
        type: 'CaseLooked',
        subject: 'case_1',
        id,
        timeMs: 1,
        traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
        body: { caseId: 'case_1', lookId: id, operator: 'operator' },
      },
    ]);

  it('lives before it is ready, and is ready once it has joined and caught up', async () => {
    const { reactor, release } = slowReactor();
    release();
    const url = await host({ reactors: [reactor] });
    expect(await (await fetch(`${url}/livez`)).json()).to.deep.equal({ live: true });
    const first = await fetch(`${url}/readyz`);
    expect(first.status).to.equal(503);
    expect(await first.json()).to.deep.equal({ ready: false, waitingFor: ['slow to catch up'] });
    await isReady(url);
    expect(await (await fetch(`${url}/metrics`)).text()).to.match(/throughline_lag_records\{group="slow"/);
  });

  it('is not ready while an engine does not answer, and names it', async () => {
    unreachable = ['store'];
    const url = await host({});
    expect(await (await fetch(`${url}/readyz`)).json()).to.deep.equal({ ready: false, waitingFor: ['store'] });
    unreachable = [];
    await isReady(url);
  });

  it('does not start where the store is not prepared for its documents, and joins nothing', async () => {
    const joined: string[] = [];
    const { subscribe } = on.log;
    on.log.subscribe = (subscriber) => {
      joined.push(subscriber.group);
      return subscribe(subscriber);
    };
    checkStore = (processors) => {
      throw new Error(`There is no place for the documents of ${processors.join()}.`);
    };
    const refusal = await host({ processors: [createCaseProcessor()] }).catch((error: Error) => error.message);
    expect(refusal).to.equal('There is no place for the documents of case-state.');
    expect(joined).to.deep.equal([]);
  });

  it('is not ready while its doors are not', async () => {
    let joined = false;
    const url = await host({ ready: () => joined });
    expect((await fetch(`${url}/readyz`)).status).to.equal(503);
    joined = true;
    await isReady(url);
  });

  it('shows operators nothing without their token', async () => {
    const router = express.Router().get('/api/things', (_request, response) => {
      response.json({ things: 1 });
    });
    const url = await host({ operators: [router] }, TOKEN);
    const authorization = `Bearer ${TOKEN}`;
    expect((await fetch(`${url}/api/things`)).status).to.equal(401);
    expect((await fetch(`${url}/api/things`, { headers: { authorization } })).status).to.equal(200);
  });

  it('answers what was asked before it stops, lets go of its doors first and closes what is its own last', async () => {
    const steps: string[] = [];
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const door = express.Router().get('/chat/slow', async (_request, response) => {
      arrive();
      await released;
      steps.push('answered');
      response.json({ said: true });
    });
    const url = await host({
      doors: [door],
      leave: async () => {
        steps.push('left');
      },
      close: async () => {
        steps.push('closed');
      },
    });
    const asked = fetch(`${url}/chat/slow`);
    await arrived;
    const stopped = hosted?.stop();
    hosted = undefined;
    await until('new connections to be refused', () =>
      fetch(`${url}/livez`).then(
        () => false,
        () => true,
      ),
    );
    release();
    expect(await (await asked).json()).to.deep.equal({ said: true });
    await stopped;
    expect(steps).to.deep.equal(['left', 'answered', 'closed']);
  });

  it('lets the work that is under way end, and the next one goes on behind it', async () => {
    const first = slowReactor();
    const url = await host({ reactors: [first.reactor] });
    await isReady(url);
    await send('one');
    await until('the work to begin', async () => first.taken() === 1);
    const stopped = hosted?.stop();
    hosted = undefined;
    first.release();
    await stopped;
    expect(first.handled).to.deep.equal(['one']);

    const second = slowReactor();
    second.release();
    await host({ reactors: [second.reactor] });
    await send('two');
    await until('the next to be handled', async () => second.handled.length > 0);
    expect(second.handled).to.deep.equal(['two']);
  });

  it('tells doors that it is too far behind only when it is', async () => {
    const busy: (() => boolean)[] = [];
    hosted = await hostService({
      on,
      build: (given) => {
        busy.push(given.busy);
        return { doors: [] };
      },
      http: { host: '127.0.0.1', port: 0 },
      operatorToken: undefined,
      checkStore: async () => undefined,
      unreachable: async () => [],
    });
    expect(busy.map((ask) => ask())).to.deep.equal([false]);
    const ends = on.log.ends;
    on.log.ends = async (topic) => (topic === CASE_EVENTS ? [9_999_999] : [5_001]);
    await until('the doors to be told', async () => busy.every((ask) => ask()));
    on.log.ends = ends;
    await until('the doors to be told otherwise', async () => busy.every((ask) => !ask()));
  });
});
