import { expect } from 'chai';
import { medianOf, middleOf, seeded, slopeOf } from './statistics.ts';

describe('The statistics of the bench', () => {
  it('take the middle, and the mean of two middles', () => {
    expect(middleOf([3, 1, 2])).to.equal(2);
    expect(middleOf([4, 1, 2, 3])).to.equal(2.5);
  });

  it('give rounds that agree an interval of no width, and rounds that do not one that holds the median', () => {
    expect(medianOf([2, 2, 2])).to.deep.equal({ value: 2, low: 2, high: 2 });
    const { value, low, high } = medianOf([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(value).to.equal(5);
    expect(low).to.be.within(1, 4);
    expect(high).to.be.within(6, 9);
  });

  it('find the true median within the interval about 95 times of 100', () => {
    const random = seeded(7);
    const rounds = () => Array.from({ length: 15 }, () => random());
    const held = Array.from({ length: 300 }, () => medianOf(rounds())).filter(
      ({ low, high }) => low <= 0.5 && 0.5 <= high,
    );
    expect(held.length / 300).to.be.within(0.88, 0.99);
  });

  it('find a slope, exactly where there is no noise', () => {
    const { value, low, high } = slopeOf([0, 1, 2, 3].map((x) => ({ x, y: 3 * x + 1 })));
    for (const each of [value, low, high]) expect(each).to.be.closeTo(3, 1e-9);
  });

  it('give the interval of a slope that the textbook gives', () => {
    // x 1 to 5, y 2 1 4 3 5: slope 0.8, standard error 0.34641, t of 3 degrees of freedom 3.18245.
    const points = [2, 1, 4, 3, 5].map((y, index) => ({ x: index + 1, y }));
    const { value, low, high } = slopeOf(points);
    expect(value).to.be.closeTo(0.8, 1e-9);
    expect(high - value).to.be.closeTo(1.1024, 0.02);
    expect(value - low).to.be.closeTo(1.1024, 0.02);
  });
});
