import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import avro from 'avsc';
import { expect } from 'chai';
import { loadSchemas } from './load.ts';
import { TOPICS } from './topics.ts';

const TOPIC = 'case.inputs.v1';

/** A record of the test's topic with these fields. */
const record = (name: string, fields: readonly object[], more: object = {}): object => ({
  type: 'record',
  name,
  namespace: 'io.throughline',
  doc: 'A record.',
  ...more,
  fields: fields.map((field) => ({ doc: 'A field.', ...field })),
});

const secret = { name: 'text', type: { type: 'bytes', logicalType: 'protected' } };
const owner = { name: 'caseId', type: 'string' };
const key = { protectedBy: 'caseId', keyScope: 'case' };

describe('the contract', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'schemas-'));
    for (const each of ['shared', TOPIC]) mkdirSync(join(folder, each));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (topic: string, name: string, schema: object): void =>
    writeFileSync(join(folder, topic, `${name}.avsc`), JSON.stringify(schema));

  /** What loading says with this record in place. */
  const refusal = (schema: object, name = 'A'): string => {
    put(TOPIC, name, schema);
    try {
      loadSchemas(folder);
    } catch (error) {
      return String(error);
    }
    return '';
  };

  it('has records for every topic but the parked ones, and no others', () => {
    const named = TOPICS.map(({ name }) => name).filter((name) => !name.includes('.parked.'));
    expect([...loadSchemas().topics.keys()].sort()).to.deep.equal(named.sort());
  });

  it('makes one schema of a record and what it shares, that Avro takes as it stands', () => {
    put('shared', 'Inner', record('Inner', [owner]));
    put(
      TOPIC,
      'A',
      record('A', [
        { name: 'one', type: 'io.throughline.Inner' },
        { name: 'many', type: { type: 'array', items: 'io.throughline.Inner' } },
      ]),
    );
    const schema = loadSchemas(folder).topics.get(TOPIC)?.get('A')?.schema;
    const type = avro.Type.forSchema(schema as avro.Schema);
    expect(type.isValid({ one: { caseId: 'c' }, many: [{ caseId: 'd' }] })).to.equal(true);
    expect(JSON.stringify(schema).match(/"name":"Inner"/g)).to.have.length(1);
  });

  const refused: readonly (readonly [string, object, string])[] = [
    ['a field without a sentence', record('A', [{ name: 'x', type: 'string', doc: '' }]), 'needs "doc"'],
    ['another namespace', { ...record('A', []), namespace: 'x' }, 'io.throughline'],
    ['a type that the contract does not use', record('A', [{ name: 'x', type: 'int' }]), 'int'],
    ['plain bytes', record('A', [{ name: 'x', type: { type: 'bytes' } }]), 'only protected fields are'],
    ['a union of two things', record('A', [{ name: 'x', type: ['string', 'long'] }]), '["null", X]'],
    ['an optional field without its default', record('A', [{ name: 'x', type: ['null', 'long'] }]), '"default": null'],
    ['two fields of one name', record('A', [owner, owner]), 'two fields caseId'],
    ['a record that is not there', record('A', [{ name: 'x', type: 'io.throughline.Gone' }]), 'names Gone'],
    ['a name that is not the file name', record('B', []), 'named after its record'],
    ['protected text without a key', record('A', [owner, secret]), 'needs "protectedBy"'],
    ['a key for nothing', record('A', [owner], key), 'nothing protected'],
    ['a key of an unknown scope', record('A', [owner, secret], { ...key, keyScope: 'shard' }), 'keyScope is one of'],
    ['a key that no field names', record('A', [secret], key), 'no field'],
    ['a key in a protected field', record('A', [owner, secret], { ...key, protectedBy: 'text' }), 'plain string'],
  ];
  for (const [what, schema, reason] of refused) {
    it(`refuses ${what}`, () => {
      expect(refusal(schema)).to.include(reason);
      expect(refusal(schema)).to.include(`${TOPIC}/A.avsc`);
    });
  }

  it('takes what is protected inside of a shared record for protected', () => {
    put('shared', 'Inner', record('Inner', [secret]));
    const fields = [owner, { name: 'inner', type: 'io.throughline.Inner' }];
    expect(refusal(record('A', fields))).to.include('needs "protectedBy"');
    expect(refusal(record('A', fields, key))).to.equal('');
  });

  it('refuses a record that holds itself', () => {
    put('shared', 'Inner', record('Inner', [{ name: 'again', type: ['null', 'io.throughline.Inner'], default: null }]));
    expect(refusal(record('A', []))).to.include('Inner holds itself');
  });
});
