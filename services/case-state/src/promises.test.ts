import { expect } from 'chai';
import { LIMITS } from './documents.ts';
import { CASE, joined, START_MS, Story, said } from './specification.ts';

const asked = () => new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Refund please'));
const promising = (story: Story, text: string, promiseDueMs: number | null = null) =>
  story.when('CustomerSaid', said(`${text} Really?`)).reply({ text, promise: text, promiseDueMs });

describe('a promise', () => {
  it('is not broken by a timer that is another’s, or that comes again', () => {
    const story = promising(asked(), 'By noon.', START_MS + 10);
    const timerId = `promise:${CASE}:${story.head().promises[0]?.promiseId}`;
    for (const other of ['promise:none', timerId.slice('promise:'.length), `x${timerId}`])
      expect(story.when('TimerFired', { timerId: other, dueMs: 0 }).said).to.deep.equal([]);
    story.wait(10);
    expect(story.when('TimerFired', { timerId, dueMs: 0 }).said).to.deep.equal([]);
  });

  it('that has ended is let go of before one that is open, and the oldest first', () => {
    const story = promising(promising(asked(), 'Open 0'), 'Ended 1', START_MS + 1);
    promising(story, 'Ended 2', START_MS + 2).wait(5);
    for (let n = 3; n < LIMITS.promises + 1; n += 1) promising(story, `Open ${n}`);
    const texts = () => story.head().promises.map(({ text }) => text);
    expect(texts()).to.have.length(LIMITS.promises);
    expect(texts().slice(0, 3)).to.deep.equal(['Open 0', 'Ended 2', 'Open 3']);
    promising(story, 'Open next');
    expect(texts().slice(0, 3)).to.deep.equal(['Open 0', 'Open 3', 'Open 4']);
    promising(story, 'Open last');
    expect([texts().length, texts()[0], texts().at(-1)]).to.deep.equal([LIMITS.promises, 'Open 3', 'Open last']);
  });
});
