import type { Clock, Reporter } from '@throughline/kernel/ports';
import type { Schemas, TopicRecord } from '@throughline/schemas/load';
import { expect } from 'chai';
import { openRegistryIds } from './registry-ids.ts';
import { type SmallRegistry, smallRegistry } from './testing/small-registry.ts';

const recordOf = (name: string): TopicRecord => ({
  shape: { name, doc: '', fields: [], sealedBy: undefined },
  schema: { type: 'record', name, namespace: 'io.throughline', fields: [{ name: 'text', type: 'string' }] },
});
const schemas: Schemas = {
  shared: new Map(),
  topics: new Map([
    ['in.v1', new Map([['Asked', recordOf('Asked')]])],
    ['out.v1', new Map([['Said', recordOf('Said')]])],
  ]),
};
const [ASKED, SAID] = ['in.v1-io.throughline.Asked', 'out.v1-io.throughline.Said'];
const foreign = { type: 'record', name: 'Foreign', fields: [] };

describe('ids from a registry', () => {
  let registry: SmallRegistry;
  let nowMs: number;
  let timers: Set<() => void>;
  const clock: Clock = {
    nowMs: () => nowMs,
    after: (_, run) => {
      timers.add(run);
      return () => void timers.delete(run);
    },
  };
  let reports: string[];
  const report = (event: string): void => void reports.push(event);
  const reporter: Reporter = { info: report, warn: report, error: report };
  const open = (more: { readonly url?: string } = {}) =>
    openRegistryIds({ url: registry.url, schemas, clock, reporter, ...more });
  const refusalOf = (run: Promise<unknown>): Promise<unknown> =>
    run.then(
      () => undefined,
      (refusal: unknown) => refusal,
    );

  beforeEach(async () => {
    registry = await smallRegistry();
    [nowMs, timers, reports] = [1_000, new Set(), []];
    registry.put(ASKED, schemas.topics.get('in.v1')?.get('Asked')?.schema);
    registry.put(SAID, schemas.topics.get('out.v1')?.get('Said')?.schema);
  });
  afterEach(() => registry.close());

  it('are those under which our schemas are registered', async () => {
    const ids = await open();
    expect([ids.idOf('in.v1', 'Asked'), ids.idOf('out.v1', 'Said')]).to.deep.equal([1, 2]);
    expect(ids.schemaOf(2)).to.equal(schemas.topics.get('out.v1')?.get('Said')?.schema);
    expect(timers.size).to.equal(0);
  });

  describe('refuse to start, in one sentence that says what to do', () => {
    const without = async (subject: string, put: (other: SmallRegistry) => void = () => {}): Promise<unknown> => {
      const other = await smallRegistry();
      if (subject !== ASKED) other.put(ASKED, schemas.topics.get('in.v1')?.get('Asked')?.schema);
      if (subject !== SAID) other.put(SAID, schemas.topics.get('out.v1')?.get('Said')?.schema);
      put(other);
      const refusal = await refusalOf(open({ url: other.url }));
      await other.close();
      return refusal;
    };

    it('where a schema is not registered', async () => {
      const refusal = await without(SAID);
      expect(refusal).to.have.property('code', 'schema-not-registered');
      expect(String(refusal)).to.match(
        /No schema is registered as out\.v1-io\.throughline\.Said at http:\S+: run `pnpm throughline schemas publish` first\.$/,
      );
    });

    it('where another one than ours is', async () => {
      expect(String(await without(SAID, (other) => other.put(SAID, foreign)))).to.include(
        `Another schema than this service's is registered as ${SAID} at`,
      );
    });

    it('where the id leads to another schema than the one that was looked up', async () => {
      const lying = await without(SAID, (other) => {
        const id = other.put(SAID, foreign);
        other.ill = (response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ id, schema: JSON.stringify(foreign) }));
        };
      });
      expect(lying).to.have.property('code', 'schema-not-registered');
    });

    it('where the URL is none, or leads to no registry by its look', async () => {
      for (const url of ['hunter2', 'localhost:8081', 'kafka://127.0.0.1:9092'])
        expect(String(await refusalOf(open({ url })))).to.match(/SCHEMA_REGISTRY_URL .* looks like http:\S+$/);
    });

    it('where nobody answers, without the password that the URL holds', async () => {
      await registry.close();
      const url = registry.url.replace('//', '//somebody:hunter2@');
      const refusal = await refusalOf(open({ url }));
      registry = await smallRegistry();
      expect(refusal).to.have.property('code', 'registry-unreachable');
      expect(String(refusal))
        .to.include('see that it runs and that SCHEMA_REGISTRY_URL leads there')
        .and.not.include('hunter2');
    });
  });

  it('say which record is not in the contract', async () => {
    const ids = await open();
    expect(() => ids.idOf('out.v1', 'Asked')).to.throw('out.v1 has no record Asked');
  });

  it('show the user and the password of the URL to the registry', async () => {
    await open({ url: registry.url.replace('//', '//somebody:hunter%202@') });
    expect([...registry.shown]).to.deep.equal([`Basic ${Buffer.from('somebody:hunter 2').toString('base64')}`]);
  });

  it("fetch another writer's schema once, however many ask, and keep it when the registry is gone", async () => {
    const ids = await open();
    const id = registry.put('else.v1-Foreign', foreign);
    registry.asked.length = 0;
    await Promise.all([ids.fetch([id]), ids.fetch([id, 1])]);
    await ids.fetch([id]);
    expect(registry.asked).to.deep.equal([`GET /schemas/ids/${id}`]);
    registry.ill = (response) => response.destroy();
    await ids.fetch([id, 1, 2]);
    expect(ids.schemaOf(id)).to.deep.equal(foreign);
    expect(reports).to.deep.equal(['schema.fetched']);
  });

  it('do not ask for an id that the registry does not have for a minute', async () => {
    const ids = await open();
    registry.asked.length = 0;
    await ids.fetch([77]);
    nowMs += 59_999;
    await ids.fetch([77]);
    expect([ids.schemaOf(77), registry.asked.length, reports]).to.deep.equal([undefined, 1, ['schema.absent']]);
    nowMs += 1;
    await ids.fetch([77]);
    expect(registry.asked).to.have.length(2);
  });

  it('find an id that the registry was told of meanwhile', async () => {
    const ids = await open();
    await ids.fetch([3]);
    expect(registry.put('else.v1-Foreign', foreign)).to.equal(3);
    nowMs += 60_000;
    await ids.fetch([3]);
    expect(ids.schemaOf(3)).to.deep.equal(foreign);
  });

  it('take what is no Avro schema for absent: it can never be read', async () => {
    const ids = await open();
    const id = registry.put('else.v1-Broken', '{"type":"record"}');
    await ids.fetch([id]);
    expect([ids.schemaOf(id), reports]).to.deep.equal([undefined, ['schema.absent']]);
  });

  describe('are in an outage, in which no id counts as absent,', () => {
    const page = (status: number) => (response: ServerResponseLike) => {
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end('<html>no backend</html>');
    };
    type ServerResponseLike = Parameters<NonNullable<SmallRegistry['ill']>>[0];
    const ILLNESSES: Readonly<Record<string, NonNullable<SmallRegistry['ill']>>> = {
      'where the connection breaks': (response) => response.destroy(),
      'where the registry is ill': page(500),
      'where somebody in between knows no such page': page(404),
      'where we may not ask': page(401),
    };
    for (const [name, ill] of Object.entries(ILLNESSES)) {
      it(name, async () => {
        const ids = await open();
        registry.ill = ill;
        expect(await refusalOf(ids.fetch([7]))).to.have.property('code', 'registry-unreachable');
        registry.ill = undefined;
        await ids.fetch([7]);
        expect(reports).to.deep.equal(['schema.absent']);
      });
    }

    it('where an answer never ends, and ask anew afterwards', async () => {
      const ids = await open();
      const id = registry.put('else.v1-Foreign', foreign);
      const began = new Promise<void>((resolve) => {
        registry.ill = (response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('{"schema":', () => resolve());
        };
      });
      const fetching = refusalOf(ids.fetch([id]));
      await began;
      for (const run of [...timers]) run();
      expect(await fetching).to.have.property('code', 'registry-unreachable');
      registry.ill = undefined;
      await ids.fetch([id]);
      expect(ids.schemaOf(id)).to.deep.equal(foreign);
    });
  });
});
