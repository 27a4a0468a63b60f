import { expect } from 'chai';
import fc from 'fast-check';
import { murmur2, partitionOf } from './partitioner.ts';

/** From the tests of Apache Kafka's own Utils.murmur2. */
const KAFKA_VECTORS: Readonly<Record<string, number>> = {
  '21': -973932308,
  foobar: -790332482,
  'a-little-bit-long-string': -985981536,
  'a-little-bit-longer-string': -1486304829,
  lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
  abc: 479470107,
};

describe('the partitioner', () => {
  for (const [text, hash] of Object.entries(KAFKA_VECTORS)) {
    it(`hashes "${text}" as Kafka does`, () => {
      expect(murmur2(new TextEncoder().encode(text))).to.equal(hash);
    });
  }

  it('clears the sign instead of taking the absolute value', () => {
    expect(partitionOf('21', 8)).to.equal((-973932308 & 0x7fffffff) % 8);
  });

  it('always names a partition that exists', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 64 }), (key, partitions) => {
        const partition = partitionOf(key, partitions);
        return Number.isInteger(partition) && partition >= 0 && partition < partitions;
      }),
    );
  });
});
