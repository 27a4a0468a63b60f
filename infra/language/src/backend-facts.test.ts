import { expect } from 'chai';
import { factsFromBody } from './backend-facts.ts';

const named = (action: string, body: unknown) =>
  Object.fromEntries(factsFromBody(action, body).map((fact) => [fact.name, fact.value]));

describe('facts from a backend body', () => {
  it('names the status and the note after what the action is about', () => {
    expect(named('request_refund', { status: 'pending', note: 'By Friday.' })).to.deep.equal({
      refund_status: 'pending',
      refund_note: 'By Friday.',
    });
    expect(named('refund_status', { status: 'paid' })).to.deep.equal({ refund_status: 'paid' });
    expect(named('order_status', { status: 'shipped' })).to.deep.equal({ order_status: 'shipped' });
    expect(named('cancel', { status: 'done' })).to.deep.equal({ cancel_status: 'done' });
  });

  it('writes names in snake_case and flattens one level', () => {
    expect(named('order_status', { orderNumber: 7, carrier: { trackingId: 'x1', deep: { no: 1 } } })).to.deep.equal({
      order_number: '7',
      carrier_tracking_id: 'x1',
    });
  });

  it('joins lists of values and leaves out what is no plain value', () => {
    expect(named('a', { items: ['lamp', 'cable'], rows: [{ a: 1 }], none: null, empty: ' ', ok: true })).to.deep.equal({
      items: 'lamp, cable',
      ok: 'true',
    });
  });

  it('labels amounts as financial and the status as status', () => {
    const facts = factsFromBody('request_refund', { status: 'done', amount: '84.00' });
    expect(facts.map((fact) => fact.sensitivity)).to.deep.equal(['status', 'financial']);
  });

  it('gives at most thirty facts of at most five hundred characters, in whole characters', () => {
    const body = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`m${index}`, `${'x'.repeat(499)}😀`]));
    const facts = factsFromBody('a', body);
    expect(facts).to.have.length(30);
    expect(facts[0]?.value).to.equal('x'.repeat(499));
  });

  it('masks card numbers, whole or at the end of what is kept, and keeps order numbers', () => {
    const facts = named('order_status', {
      card: '4539148803436467',
      paidWith: ['visa', 4539148803436467],
      note: `${'x '.repeat(245)}4539 1488 0343 6467`,
      many: '4539148803436467, '.repeat(70),
      orderNumber: '10-4477',
    });
    expect(JSON.stringify(facts)).not.to.match(/4539|6467/);
    expect(facts.card).to.equal('••••');
    expect(facts.order_number).to.equal('10-4477');
  });

  it('gives nothing for anything but an object', () => {
    for (const body of [undefined, null, 'text', 4, ['a']]) expect(factsFromBody('a', body)).to.deep.equal([]);
  });

  it('are not read from lists that are deeper than the stack, of which the reading never came back', () => {
    const deep: unknown = JSON.parse(`{"a":${'['.repeat(50_000)}1${']'.repeat(50_000)},"b":[["x","y"]]}`);
    expect(factsFromBody('order_status', deep).map(({ name, value }) => [name, value])).to.deep.equal([['b', 'x, y']]);
  });
});
