import { expect } from 'chai';
import { asideFrame, endFrame, speakable, wordsFrame } from './render.ts';

describe('rendering for a voice', () => {
  it('takes markdown out and leaves the words', () => {
    expect(speakable('**Your** order `W2378156` is _on its way_, see [the page](https://shop.example/a).')).to.equal(
      'Your order W2378156 is on its way, see the page.',
    );
  });

  it('cuts addresses of pages', () => {
    expect(speakable('Read https://shop.example/orders?id=1, or ask me.')).to.equal('Read, or ask me.');
  });

  it('comes to an end with 64 kB of brackets or lines, which kept every caller waiting for up to a second', () => {
    expect(speakable('['.repeat(65_536))).to.have.length(65_536);
    for (const bait of ['[', '![a](', '\n𢵒']) {
      const costOf = (length: number): number => {
        const before = process.threadCpuUsage().user;
        expect(speakable(bait.repeat(length / bait.length))).not.to.equal('');
        return process.threadCpuUsage().user - before;
      };
      // Sixteen times the text is as much more work; stepping back at each character would be two hundred and fifty-six times.
      costOf(4_096);
      expect(costOf(65_536), bait).to.be.below(50_000 + 64 * costOf(4_096));
    }
  });

  it('keeps an order reference as it is', () => {
    expect(speakable('order W2378156')).to.equal('order W2378156');
  });

  it('makes lines and lists into sentences', () => {
    expect(speakable('# Your order\n\n- two lamps\n- one chair.\nAnything else?')).to.equal(
      'Your order. two lamps. one chair. Anything else?',
    );
  });

  it('keeps names with underscores and numbers with signs', () => {
    expect(speakable('It cost $120.50 in case_a1, item #4')).to.equal('It cost $120.50 in case_a1, item #4');
  });

  it('leaves out what has no sound', () => {
    expect(speakable('Done 👍🏽 ✅')).to.equal('Done');
  });

  it('keeps an order number of six digits as it is', () => {
    expect(speakable('Your refund for order 10-4477 is pending')).to.equal('Your refund for order 10-4477 is pending');
  });

  it('speaks words as one whole frame that the caller may talk over', () => {
    expect(wordsFrame('Hello')).to.deep.equal({
      type: 'text',
      token: 'Hello',
      last: true,
      interruptible: true,
      preemptible: false,
    });
  });

  it('has no frame for a text without words', () => {
    expect(wordsFrame(' **…** https://shop.example ')).to.equal(undefined);
  });

  it('lets the conversation cut an aside short', () => {
    expect(asideFrame('One moment, please.')).to.include({ token: 'One moment, please.', preemptible: true });
  });

  it('ends with a reason that the carrier hands back', () => {
    expect(endFrame('unavailable')).to.deep.equal({ type: 'end', handoffData: '{"reason":"unavailable"}' });
  });
});
