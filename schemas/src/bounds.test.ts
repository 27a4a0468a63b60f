import avro from 'avsc';
import { expect } from 'chai';
import { boundsCheck, OutOfBounds } from './bounds.ts';
import { loadSchemas } from './load.ts';

const list = { type: 'record', name: 'L', fields: [{ name: 'items', type: { type: 'array', items: 'string' } }] };
const HUGE_COUNT = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f];

describe('the check of bounds', () => {
  it('agrees with avsc on whatever avsc writes', () => {
    for (const records of loadSchemas().topics.values()) {
      for (const { schema } of records.values()) {
        const type = avro.Type.forSchema(schema as avro.Schema);
        const check = boundsCheck(schema);
        for (let round = 0; round < 5; round += 1) expect(() => check(type.toBuffer(type.random()))).not.to.throw();
      }
    }
  });

  it('knows every type of Avro, for writers that are not ours', () => {
    const schema = {
      type: 'record',
      name: 'a.Every',
      fields: [
        { name: 'e', type: { type: 'enum', name: 'E', symbols: ['x', 'y'] } },
        { name: 'f', type: { type: 'fixed', name: 'F', size: 3 } },
        { name: 'again', type: 'F' },
        { name: 'm', type: { type: 'map', values: ['null', 'float', 'int'] } },
        { name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 4 } },
      ],
    };
    const type = avro.Type.forSchema(schema as avro.Schema, { wrapUnions: 'always' });
    const bytes = type.toBuffer({
      e: 'y',
      f: Buffer.from('abc'),
      again: Buffer.from('def'),
      m: { k: { int: 7 } },
      d: Buffer.from('1'),
    });
    const check = boundsCheck(schema);
    expect(() => check(bytes)).not.to.throw();
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => check(bytes.subarray(0, length))).to.throw(OutOfBounds);
  });

  const broken: readonly (readonly [string, readonly number[]])[] = [
    ['a list that claims more items than there are bytes', [...HUGE_COUNT, 0]],
    ['a string that claims more bytes than there are', [2, 100, 65, 0]],
    ['a string of negative length', [2, 1, 0]],
    ['a block whose size leads back to its start', [1, 3, 2, 65, 0]],
    ['a number without an end', Array.from({ length: 12 }, () => 0xff)],
    ['bytes behind the record', [0, 0]],
    ['nothing at all', []],
  ];
  for (const [what, bytes] of broken) {
    it(`refuses ${what}`, () => {
      expect(() => boundsCheck(list)(Uint8Array.from(bytes))).to.throw(OutOfBounds);
    });
  }

  it('takes a block that says its true size', () => {
    expect(() => boundsCheck(list)(Uint8Array.from([1, 4, 2, 65, 0]))).not.to.throw();
  });

  it('does not take a schema that names what it never says', () => {
    expect(() => boundsCheck({ type: 'array', items: 'a.Missing' })).to.throw('a.Missing');
  });
});
