import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { visibleReply } from './visible-reply.ts';

const CORPUS = '../shared/corpora/email-replies';

describe('the visible part of a reply', () => {
  it('leaves the quoted mail out', () => {
    const text =
      'Thanks, it came.\n\nOn Mon, Nov 23, 2026 at 9:00 AM, Support <support@help.example> wrote:\n> Your order is on its way.';
    expect(visibleReply(text)).to.equal('Thanks, it came.');
  });

  it('leaves the signature out', () => {
    expect(visibleReply('It never came.\n\n-- \nInes Okafor\nPost 1')).to.equal('It never came.');
  });

  it('is everything where a text was made to exhaust its reader', () => {
    const bait = 'Op schreef\n'.repeat(5_000);
    const began = performance.now();
    expect(visibleReply(bait)).to.equal(bait.trim());
    expect(performance.now() - began).to.be.below(5_000);
  });

  it('does not stumble over a text of blank lines', () => {
    expect(visibleReply(`Hello${'\n'.repeat(60_000)}there`)).to.match(/^Hello\s+there$/);
  });

  it('keeps a long line whole but for line breaks', () => {
    const line = 'x'.repeat(5_000);
    expect(visibleReply(line).replaceAll('\n', '')).to.equal(line);
  });

  describe('in the corpus of real replies', () => {
    const read = (name: string): string => readFileSync(`${CORPUS}/${name}`, 'utf8');
    before(function () {
      if (!existsSync(CORPUS)) this.skip(); // the corpora are not part of the repository
    });

    it('is found in front of 700 kB of quote marks', () => {
      const began = performance.now();
      const visible = visibleReply(read('email_long_quote.txt'));
      expect(visible).to.match(/^Hi folks/);
      expect(visible.length).to.be.below(3_000);
      expect(performance.now() - began).to.be.below(5_000);
    });

    it('is found in front of a quote made of long lines', () => {
      expect(visibleReply(read('pathological.txt'))).to.match(/^I think you're onto something\.[^>]*computer\.$/);
    });

    it('is without the signature of a telephone', () => {
      expect(visibleReply(read('email_iPhone.txt'))).to.equal('Here is another email');
      expect(visibleReply(read('email_BlackBerry.txt'))).to.equal('Here is another email');
    });
  });
});
