import { expect } from 'chai';
import fc from 'fast-check';
import { assign } from './assignment.ts';

const memberName = fc.constantFrom('a', 'b', 'c', 'd');
const situation = fc.record({
  owners: fc.array(fc.option(memberName, { nil: undefined }), { minLength: 1, maxLength: 24 }),
  members: fc.uniqueArray(memberName, { minLength: 1, maxLength: 4 }),
});

describe('the assignment of partitions', () => {
  it('changes nothing when it is even', () => {
    expect(assign(['a', 'b', 'a', 'b'], ['a', 'b'])).to.deep.equal(['a', 'b', 'a', 'b']);
  });

  it('gives a member that joins its share and moves no other partition', () => {
    expect(assign(['a', 'a', 'a', 'a'], ['a', 'b'])).to.deep.equal(['a', 'a', 'b', 'b']);
  });

  it('gives every partition to a member, evenly to within one', () => {
    fc.assert(
      fc.property(situation, ({ owners, members }) => {
        const after = assign(owners, members);
        const counts = members.map((member) => after.filter((owner) => owner === member).length);
        expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(owners.length);
        expect(Math.max(...counts) - Math.min(...counts)).to.be.at.most(1);
      }),
    );
  });

  it('leaves partitions without a member when there is none', () => {
    expect(assign(['a', undefined], [])).to.deep.equal([undefined, undefined]);
  });
});
