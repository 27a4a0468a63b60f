import { expect } from 'chai';
import { loadSchemas } from './load.ts';
import { embeddedSchemaIds } from './registry.ts';

const schemas = loadSchemas();
const former = { type: 'record', name: 'io.throughline.Former', fields: [{ name: 'x', type: 'string' }] };
const formerId = embeddedSchemaIds({
  schemas: {
    shared: new Map(),
    topics: new Map([
      [
        't',
        new Map([['Former', { schema: former, shape: { name: 'Former', doc: '', fields: [], sealedBy: undefined } }]]),
      ],
    ]),
  },
  known: [],
}).idOf('t', 'Former');

describe('schema ids without a registry', () => {
  it('are the same at every start, and positive in 31 bits', () => {
    const [one, two] = [embeddedSchemaIds({ schemas, known: [] }), embeddedSchemaIds({ schemas, known: [] })];
    expect(one.all()).to.deep.equal(two.all());
    for (const { id } of one.all()) expect(id).to.be.within(0, 2 ** 31 - 1);
  });

  it('lead back to the schema of every record', () => {
    const ids = embeddedSchemaIds({ schemas, known: [] });
    for (const [topic, records] of schemas.topics) {
      for (const name of records.keys()) expect(ids.schemaOf(ids.idOf(topic, name))).to.have.property('name', name);
    }
  });

  it('keep what former versions wrote with, over any number of restarts', () => {
    const once = embeddedSchemaIds({ schemas, known: [{ id: formerId, schema: former }] });
    const again = embeddedSchemaIds({ schemas, known: JSON.parse(JSON.stringify(once.all())) });
    expect(again.schemaOf(formerId)).to.deep.equal(former);
    expect(again.all().map(({ id }) => id)).to.deep.equal(once.all().map(({ id }) => id));
  });

  it('do not take a schema that was kept under the id of another', () => {
    const damaged = () => embeddedSchemaIds({ schemas, known: [{ id: formerId + 1, schema: former }] });
    expect(damaged).to.throw().with.property('code', 'schema-id-conflict');
  });

  it('say which record is not in the contract', () => {
    const ids = embeddedSchemaIds({ schemas, known: [] });
    expect(() => ids.idOf('case.events.v1', 'Nothing')).to.throw('case.events.v1 has no record Nothing');
    expect(ids.schemaOf(-1)).to.equal(undefined);
  });
});
