import { expect } from 'chai';
import { breaksBetween } from './compatibility.ts';
import type { ReleasedSet } from './released.ts';

const PROTECTED = { type: 'bytes', logicalType: 'protected' };
const TOPIC = 'case.events.v1';

interface FieldJson {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
}

const field = (name: string, type: unknown, more: Partial<FieldJson> = {}): FieldJson => ({ name, type, ...more });
const record = (name: string, fields: readonly unknown[], more: object = {}) => ({
  type: 'record',
  name,
  namespace: 'io.throughline',
  ...more,
  fields,
});
const set = (schema: unknown, partitions = 8): ReleasedSet => ({
  topics: { [TOPIC]: partitions },
  records: { [TOPIC]: { Said: schema } },
});
const said = (...fields: readonly unknown[]): ReleasedSet => set(record('Said', fields));

/** What is said of a change, each as `where field: problem`. */
const breaks = (released: ReleasedSet, working: ReleasedSet): readonly string[] =>
  breaksBetween(released, working).map(({ where, field: at, problem }) => `${where} ${at ?? '-'}: ${problem}`);

const [number, text] = [field('number', 'long'), field('text', 'string')];
const optional = field('mood', ['null', 'string'], { default: null });

describe('the gate on schemas', () => {
  it('lets through what is as it was, also with other prose', () => {
    expect(breaks(said(number, text), said({ ...number, doc: 'Said otherwise.' }, text))).to.deep.equal([]);
  });

  it('lets fields with a default come and go', () => {
    expect(breaks(said(number), said(number, optional))).to.deep.equal([]);
    expect(breaks(said(number, optional), said(number))).to.deep.equal([]);
  });

  it('lets a new record and a new topic come', () => {
    const working = said(number);
    const more = { ...working.records[TOPIC], Asked: record('Asked', [text]) };
    expect(
      breaks(said(number), { topics: { ...working.topics, 'case.notes.v1': 1 }, records: { [TOPIC]: more } }),
    ).to.deep.equal([]);
  });

  it('sees a field that was removed without a default', () => {
    expect(breaks(said(number, text), said(number))).to.deep.equal([
      'case.events.v1/Said Said.text: was removed and has no default: put it back',
    ]);
  });

  it('sees a field that was added without a default', () => {
    expect(breaks(said(number), said(number, text))).to.deep.equal([
      'case.events.v1/Said Said.text: was added without a default, and older records do not have it: give it one',
    ]);
  });

  it('sees a changed type, also where only one direction breaks', () => {
    for (const [was, is] of [
      ['long', 'string'],
      ['long', 'double'],
      ['double', 'long'],
    ]) {
      expect(breaks(said(field('number', was)), said(field('number', is)))).to.deep.equal([
        `case.events.v1/Said Said.number: was ${was} and is ${is}: keep the type, and add another field with a default`,
      ]);
    }
  });

  it('sees what was optional become required, and the other way round', () => {
    expect(breaks(said(optional), said(field('mood', 'string')))).to.have.length(1);
    expect(breaks(said(field('mood', 'string')), said(optional))).to.have.length(1);
  });

  it('names the field of a record inside of lists, maps and options, once', () => {
    const holding = (inner: unknown): ReleasedSet =>
      said(
        field('list', { type: 'array', items: inner }),
        field('map', { type: 'map', values: 'io.throughline.Fact' }),
        field('one', ['null', 'io.throughline.Fact'], { default: null }),
      );
    const [was, is] = [record('Fact', [text]), record('Fact', [field('text', 'long')])];
    expect(breaks(holding(was), holding(is))).to.deep.equal([
      'case.events.v1/Said Fact.text: was string and is long: keep the type, and add another field with a default',
    ]);
  });

  it('sees a renamed record, of the topic or inside', () => {
    expect(breaks(said(number), set(record('Told', [number])))).to.deep.equal([
      'case.events.v1/Said -: the record was Said and is Told: keep the name',
    ]);
    const holding = (name: string): ReleasedSet => said(field('fact', record(name, [text])));
    expect(breaks(holding('Fact'), holding('Truth'))).to.deep.equal([
      'case.events.v1/Said Said.fact: the record was Fact and is Truth: keep the name',
    ]);
  });

  it('sees a branch of a union that was removed or added', () => {
    const [two, three] = [said(field('it', ['null', 'string'])), said(field('it', ['null', 'string', 'long']))];
    expect(breaks(three, two)[0]).to.equal(
      'case.events.v1/Said Said.it: may no longer be long, which the log holds: put it back',
    );
    expect(breaks(two, three)[0]).to.equal(
      'case.events.v1/Said Said.it: may now be long, which older services cannot read: add another field',
    );
  });

  it('sees symbols of an enum that were removed or added', () => {
    const mood = (...symbols: readonly string[]): ReleasedSet =>
      said(field('mood', { type: 'enum', name: 'Mood', symbols }));
    expect(breaks(mood('calm', 'cross'), mood('calm'))[0]).to.include('Said.mood');
    expect(breaks(mood('calm'), mood('calm', 'cross'))[0]).to.include('Said.mood');
  });

  it('sees a closed set of strings that is another one, which Avro would not', () => {
    const status = (...values: readonly string[]): ReleasedSet =>
      said(field('status', { type: 'string', values }), field('past', ['null', { type: 'string', values: ['open'] }]));
    expect(breaks(status('open'), status('open', 'closed'))).to.deep.equal([
      'case.events.v1/Said Said.status: was one of open and is one of closed, open: keep it, and add another field with a default',
    ]);
    expect(breaks(status('open', 'closed'), status('open'))).to.have.length(1);
    expect(breaks(status('open', 'closed'), status('closed', 'open'))).to.deep.equal([]);
  });

  it('sees a field that is no longer protected, or is now, which Avro would not', () => {
    const [open, sealed] = [said(number, text), said(number, field('text', PROTECTED))];
    expect(breaks(sealed, open)).to.deep.equal([
      'case.events.v1/Said Said.text: was protected and is plain: keep it, and add another field with a default',
    ]);
    expect(breaks(open, sealed)).to.have.length(1);
    const options = (type: unknown): ReleasedSet => said(field('text', ['null', type], { default: null }));
    expect(breaks(options(PROTECTED), options('bytes'))).to.have.length(1);
  });

  it("sees that another key seals a record's fields", () => {
    const sealedBy = (keyScope: string, protectedBy: string): ReleasedSet =>
      set(record('Said', [field('text', PROTECTED)], { keyScope, protectedBy }));
    expect(breaks(sealedBy('case', 'caseId'), sealedBy('customer', 'caseId'))).to.deep.equal([
      'case.events.v1/Said Said: was sealed by case in caseId and is sealed by customer in caseId: keep it, and add another field with a default',
    ]);
    expect(breaks(sealedBy('case', 'caseId'), sealedBy('case', 'otherId'))).to.have.length(1);
  });

  it('sees a record or a topic that vanished', () => {
    expect(breaks(said(number), { topics: { [TOPIC]: 8 }, records: { [TOPIC]: {} } })).to.deep.equal([
      'case.events.v1/Said -: the record is gone, and the log still holds it: put schemas/avro/case.events.v1/Said.avsc back',
    ]);
    expect(breaks(said(number), { topics: {}, records: said(number).records })).to.deep.equal([
      'case.events.v1 -: the topic is gone: put it back into schemas/src/topics.ts',
    ]);
  });

  it('sees another number of partitions', () => {
    expect(breaks(set(record('Said', [number]), 8), set(record('Said', [number]), 9))[0]).to.include(
      'case.events.v1 -: has 9 partitions and was released with 8',
    );
  });
});
