import { expect } from 'chai';
import fc from 'fast-check';
import { mayRead, stricter } from './policy.ts';

const base = { writtenAssurance: 0, kind: 'fact', own: false } as const;
const levels = (asked: Omit<Parameters<typeof mayRead>[0], 'assurance'>) =>
  [0, 1, 2, 3].filter((assurance) => mayRead({ ...asked, assurance }).allowed);

describe('the load policy', () => {
  it('gives status from level 1, personal from 2, financial details from 3, secrets never', () => {
    expect(levels({ ...base, sensitivity: 'status' })).to.deep.equal([1, 2, 3]);
    expect(levels({ ...base, sensitivity: 'personal' })).to.deep.equal([2, 3]);
    expect(levels({ ...base, sensitivity: 'financial' })).to.deep.equal([3]);
    expect(levels({ ...base, sensitivity: 'secret' })).to.deep.equal([]);
  });

  it('gives the outcome of a money matter from level 2', () => {
    for (const kind of ['promise', 'action', 'note'] as const) {
      expect(levels({ ...base, sensitivity: 'financial', kind })).to.deep.equal([2, 3]);
      expect(levels({ ...base, sensitivity: 'status', kind }), 'what is no money matter').to.deep.equal([1, 2, 3]);
    }
    expect(levels({ ...base, sensitivity: 'financial', kind: 'reply' })).to.deep.equal([3]);
  });

  it('withholds what was written at a higher level, status aside', () => {
    expect(levels({ ...base, sensitivity: 'personal', writtenAssurance: 3 })).to.deep.equal([3]);
    expect(levels({ ...base, sensitivity: 'status', writtenAssurance: 3 })).to.deep.equal([1, 2, 3]);
  });

  it('says by which rule it gives or withholds', () => {
    const reason = (asked: Partial<Parameters<typeof mayRead>[0]>) =>
      mayRead({ ...base, assurance: 2, sensitivity: 'personal', ...asked }).reason;
    expect([reason({}), reason({ sensitivity: 'status' }), reason({ own: true })]).to.deep.equal([
      'level-2',
      'level-1',
      'own',
    ]);
    expect([reason({ assurance: 1 }), reason({ sensitivity: 'financial' })]).to.deep.equal(['needs-2', 'needs-3']);
    expect([reason({ writtenAssurance: 3 }), reason({ sensitivity: 'secret' })]).to.deep.equal([
      'written-higher',
      'secret',
    ]);
  });

  it('takes the label that keeps more people out', () => {
    const labels = ['status', 'personal', 'financial', 'secret'] as const;
    for (const [low, one] of labels.entries())
      for (const other of labels.slice(low))
        expect([stricter(one, other), stricter(other, one)]).to.deep.equal([other, other]);
  });

  it('gives a contact its own words, but no secret fact', () => {
    for (const kind of ['turn', 'reply', 'question'] as const)
      expect(mayRead({ ...base, assurance: 0, sensitivity: 'secret', kind, own: true }).allowed, kind).to.equal(true);
    expect(mayRead({ ...base, assurance: 3, sensitivity: 'secret', own: true }).reason).to.equal('secret');
    expect(mayRead({ ...base, assurance: 0, sensitivity: 'financial', own: true }).reason).to.equal('own');
  });

  it('takes what it does not know for a no (law 5)', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (sensitivity, own) => {
        fc.pre(!['status', 'personal', 'financial', 'secret'].includes(sensitivity));
        const asked = { ...base, assurance: 3, sensitivity, own } as unknown as Parameters<typeof mayRead>[0];
        expect(mayRead(asked).allowed).to.equal(false);
      }),
    );
    for (const sensitivity of ['__proto__', 'constructor', 'toString']) {
      const asked = { ...base, assurance: 3, sensitivity, own: true } as unknown as Parameters<typeof mayRead>[0];
      expect(mayRead(asked).reason).to.equal('unknown-sensitivity');
    }
    expect(mayRead({ ...base, assurance: Number.NaN, sensitivity: 'status' }).allowed).to.equal(false);
    expect(mayRead({ ...base, assurance: 2, sensitivity: 'personal', writtenAssurance: Number.NaN }).allowed).to.equal(
      false,
    );
  });
});
