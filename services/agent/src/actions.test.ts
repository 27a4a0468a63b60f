import { expect } from 'chai';
import fc from 'fast-check';
import { type ActionSpec, bindAction, parseActions } from './actions.ts';
import { DEMO_ACTIONS } from './demo-backend.ts';

const STATUS = {
  name: 'order_status',
  description: 'Says where an order is.',
  method: 'GET',
  url: 'http://shop.example/customers/{customer}/orders/{orderId}',
  params: { orderId: { type: 'string', fact: 'order_number' }, customer: { from: 'customer.externalId' } },
  assurance: 1,
  effect: 'read',
};

function specOf(change: object = {}): ActionSpec {
  const parsed = parseActions({ actions: [{ ...STATUS, ...change }] });
  const [spec] = parsed.ok ? parsed.actions : [];
  if (!spec) throw new Error(parsed.ok ? 'There is no action.' : parsed.error);
  return spec;
}

function errorOf(...changes: readonly object[]): string {
  const parsed = parseActions({ actions: changes.map((change) => ({ ...STATUS, ...change })) });
  return parsed.ok ? '' : parsed.error;
}

const bind = (spec: ActionSpec, parameters: Record<string, string>, externalId: string | null = 'C-1') =>
  bindAction(spec, { externalId, parameters });

describe('the actions file', () => {
  it('is read as the interfaces page has it', () => {
    expect(specOf().params).to.deep.equal({
      orderId: { type: 'string', fact: 'order_number' },
      customer: { type: 'string', from: 'customer.externalId' },
    });
  });

  it('holds the demo actions', () => {
    expect(parseActions({ actions: DEMO_ACTIONS('http://127.0.0.1:8080/demo') }).ok).to.equal(true);
  });

  it('is refused with one sentence that names the action and what to change', () => {
    expect(parseActions([])).to.deep.equal({
      ok: false,
      error: 'The file must be a JSON object with a list "actions".',
    });
    const errors: readonly [string, RegExp][] = [
      [errorOf({}, {}), /"order_status" is there twice/],
      [errorOf({ url: 'shop/{orderId}' }), /"order_status" has a bad "url": it must be a whole http or https address/],
      [errorOf({ url: 'file:///etc/{orderId}' }), /bad "url"/],
      [errorOf({ url: 'http://{customer}.example/x' }), /placeholders belong in its path/],
      [errorOf({ url: 'http://shop.example/x?o={orderId}' }), /placeholders belong in its path/],
      [errorOf({ url: 'http://shop.example/{other}' }), /"\{other\}" in its url, which is not one of its "params"/],
      [errorOf({ params: { orderId: {}, customer: { from: 'customer.externalId' } } }), /"orderId" that needs either/],
      [
        errorOf({ params: { ...STATUS.params, orderId: { fact: 'order_number', from: 'customer.externalId' } } }),
        /either "fact" or "from"/,
      ],
      [
        errorOf({ params: { customer: { from: 'caller.says' } } }),
        /"params.customer.from": it must be "customer.externalId"/,
      ],
      [errorOf({ effect: 'write' }), /writes, so its "method" must be/],
      [errorOf({ effect: 'maybe' }), /bad "effect": it must be "read" or "write"/],
      [errorOf({ assurance: 4 }), /bad "assurance": it must be 0, 1, 2 or 3/],
      [errorOf({ assurance: undefined }), /bad "assurance"/],
      [errorOf({ method: 'FETCH' }), /bad "method": it must be GET/],
      [errorOf({ name: 'Order Status' }), /bad "name": it must be in snake_case/],
    ];
    for (const [error, expected] of errors) {
      expect(error).to.match(expected);
      expect(error.trim().split(/\.\s/), error).to.have.length(1);
    }
  });
});

describe('binding an action', () => {
  it('fills the path from facts and from who the customer is', () => {
    expect(bind(specOf(), { orderId: 'W2378156' })).to.deep.equal({
      ok: true,
      bound: { method: 'GET', url: 'http://shop.example/customers/C-1/orders/W2378156', body: undefined },
    });
  });

  it('never takes who the customer is from what somebody said', () => {
    const result = bind(specOf(), { orderId: 'W1', customer: 'C-2' });
    expect(result.ok && result.bound.url).to.equal('http://shop.example/customers/C-1/orders/W1');
    expect(bind(specOf(), { orderId: 'W1', customer: 'C-2' }, null)).to.deep.equal({
      ok: false,
      missing: ['customer'],
    });
  });

  it('never lets a value change the path', () => {
    const climbing = bind(specOf(), { orderId: '../x' });
    expect(climbing.ok && climbing.bound.url).to.equal('http://shop.example/customers/C-1/orders/..%2Fx');
    for (const dots of ['.', '..'])
      expect(bind(specOf(), { orderId: dots })).to.deep.equal({ ok: false, missing: ['orderId'] });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const result = bind(specOf(), { orderId: value });
        if (!result.ok) return;
        const url = new URL(result.bound.url);
        const segments = url.pathname.split('/');
        expect(url.host + url.search + url.hash).to.equal('shop.example');
        expect(segments.slice(0, 4)).to.deep.equal(['', 'customers', 'C-1', 'orders']);
        expect(segments).to.have.length(5);
        expect(decodeURIComponent(segments[4] ?? '')).to.equal(value.trim());
      }),
    );
  });

  it('says what is missing', () => {
    expect(bind(specOf(), {})).to.deep.equal({ ok: false, missing: ['orderId'] });
    expect(bind(specOf(), { orderId: '  ' })).to.deep.equal({ ok: false, missing: ['orderId'] });
  });

  it('asks with the query and writes with the body what the path has no place for', () => {
    const params = { ...STATUS.params, pieces: { type: 'integer', fact: 'pieces' } };
    const read = bind(specOf({ params, url: `${STATUS.url}?v=2` }), { orderId: 'W1', pieces: '3' });
    expect(read.ok && read.bound.url).to.equal('http://shop.example/customers/C-1/orders/W1?v=2&pieces=3');
    const write = bind(specOf({ params, method: 'post', effect: 'write' }), { orderId: 'W1', pieces: '3' });
    expect(write.ok && write.bound).to.deep.equal({
      method: 'POST',
      url: 'http://shop.example/customers/C-1/orders/W1',
      body: '{"pieces":3}',
    });
    expect(bind(specOf({ params }), { orderId: 'W1', pieces: 'some' })).to.deep.equal({
      ok: false,
      missing: ['pieces'],
    });
  });
});
