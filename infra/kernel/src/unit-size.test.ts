import { expect } from 'chai';
import { UNIT_BYTES_MAX, unitBytes } from './unit-size.ts';

const EMPTY = { documents: [], messages: [], timers: [] };
const AROUND = 64;

describe('the size of a unit', () => {
  it('is eight million bytes at most, which leaves room in one document of a store', () => {
    expect(UNIT_BYTES_MAX).to.equal(8_000_000);
  });

  it('is nothing for nothing', () => {
    expect(unitBytes(EMPTY)).to.equal(0);
  });

  it('counts every value of a document in bytes, and something around each', () => {
    const document = { kind: 'ä', id: 'id', body: new Uint8Array(10), lists: [{ list: 'all', sort: '1' }] };
    expect(unitBytes({ ...EMPTY, documents: [document] })).to.equal(2 + 2 + 10 + 3 + 1 + 5 * AROUND);
    expect(unitBytes({ ...EMPTY, documents: [{ ...document, body: null, lists: [] }] })).to.equal(2 + 2 + 3 * AROUND);
  });

  it('counts every value of a message and of a timer', () => {
    const message = { topic: 'topic', key: 'key', headers: { ce_id: '123' }, value: new Uint8Array(7) };
    expect(unitBytes({ ...EMPTY, messages: [message] })).to.equal(5 + 3 + 7 + 5 + 3 + 5 * AROUND);
    const timer = { id: 'id', key: 'key', body: new Uint8Array(4), dueMs: 1 };
    expect(unitBytes({ ...EMPTY, timers: [timer] })).to.equal(2 + 3 + 4 + 3 * AROUND);
  });
});
