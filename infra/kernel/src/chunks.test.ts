import { expect } from 'chai';
import { UNIT_INPUTS_MAX, unitLength } from './chunks.ts';
import type { LogRecord } from './ports.ts';

const record = (bytes: number, type = 'Add'): LogRecord => ({
  topic: 'in.v1',
  key: 'a',
  headers: { ce_type: type },
  value: new Uint8Array(bytes),
  partition: 0,
  offset: 0,
});
const many = (count: number, bytes = 1): LogRecord[] => Array.from({ length: count }, () => record(bytes));
const redrive = record(1, 'RedriveRequested');

describe('a unit takes of the records that are here', () => {
  it('all, where they fit', () => {
    expect(unitLength(many(3), 3)).to.equal(3);
    expect(unitLength(many(UNIT_INPUTS_MAX), UNIT_INPUTS_MAX)).to.equal(UNIT_INPUTS_MAX);
  });

  it('so many at most', () => {
    expect(unitLength(many(4), 3)).to.equal(3);
    expect(unitLength(many(UNIT_INPUTS_MAX + 1), UNIT_INPUTS_MAX)).to.equal(1000);
  });

  it('a million bytes at most, and one record however large', () => {
    expect(unitLength(many(2, 500_000), 10)).to.equal(2);
    expect(unitLength([...many(2, 500_000), record(1)], 10)).to.equal(2);
    expect(unitLength([record(2_000_000)], 10)).to.equal(1);
    expect(unitLength([record(2_000_000), record(1)], 10)).to.equal(1);
  });

  it('a redrive alone, behind what came before it and in front of what comes after', () => {
    expect(unitLength([record(1), redrive, record(1)], 10)).to.equal(1);
    expect(unitLength([redrive, record(1)], 10)).to.equal(1);
    expect(unitLength([redrive], 10)).to.equal(1);
  });
});
