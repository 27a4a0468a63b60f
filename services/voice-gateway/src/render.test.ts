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
    const startMs = performance.now();
    expect(speakable('['.repeat(65_536))).to.have.length(65_536);
    expect(speakable('![a]('.repeat(13_000))).not.to.equal('');
    expect(speakable('\n𢵒'.repeat(21_845))).to.match(/^𢵒\. /u);
    expect(performance.now() - startMs).to.be.below(500);
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
