import { expect } from 'chai';
import type { IncomingMail } from './incoming.ts';
import { createMailReader } from './parse.ts';
import { clock, mailOf } from './testing/mail-world.ts';

describe('the reading of mail', () => {
  const reader = createMailReader({ clock });
  after(() => reader.close());

  async function read(raw: string): Promise<IncomingMail | 'unreadable'> {
    const result = await reader.read(Buffer.from(raw));
    return typeof result === 'object' ? result.mail : 'unreadable';
  }

  it('gives author, subject and text', async () => {
    const mail = await read(mailOf({ Subject: '=?utf-8?q?Caf=C3=A9?=' }));
    expect(mail).to.deep.include({
      author: { address: 'ines@post.example', name: 'Ines Okafor' },
      subject: 'Café',
      text: 'Where is my order?',
    });
  });

  it('reads HTML as text where there is no other', async () => {
    const mail = await read(mailOf({ 'Content-Type': 'text/html' }, '<p>Where is my <b>order</b>?</p>'));
    expect(mail).to.include({ text: 'Where is my order?' });
  });

  it('keeps no more than 64 kB of text', async () => {
    const mail = await read(mailOf({}, 'word word word\n'.repeat(100_000)));
    expect(mail === 'unreadable' ? 0 : mail.text.length).to.be.within(60_000, 65_536);
  });

  it('cuts no character in half, of which a record would keep neither half', async () => {
    const emoji = '💬'.repeat(40_000);
    const cut = `a${emoji}`;
    const mail = await read(
      mailOf({ From: `"${cut.slice(0, 499)}" <ines@post.example>`, Subject: cut.slice(0, 599) }, cut),
    );
    if (mail === 'unreadable') throw new Error('It is readable.');
    const texts = [mail.text, mail.visibleText, mail.subject, mail.author?.name ?? ''];
    for (const text of texts) expect([text.length > 150, text.isWellFormed()]).to.deep.equal([true, true]);
  });

  it('refuses or bounds what was made to exhaust it, and goes on', async () => {
    const nested = Array.from({ length: 2_000 }, (_, at) => {
      return `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`;
    }).join('');
    const bombs = {
      nested: `From: ines@post.example\r\n${nested}`,
      parts: mailOf({ 'Content-Type': 'multipart/mixed; boundary=b' }, '--b\r\n\r\nx\r\n'.repeat(200_000)),
      head: mailOf({ 'X-Long': 'x'.repeat(5_000_000) }),
      html: mailOf({ 'Content-Type': 'text/html' }, '<div><table><tr><td>'.repeat(100_000)),
      addresses: mailOf({ To: 'a@b.example, '.repeat(15_000) }),
    };
    const began = performance.now();
    for (const [name, raw] of Object.entries(bombs)) {
      const mail = await read(raw);
      expect(mail === 'unreadable' || mail.text.length <= 65_536, name).to.equal(true);
    }
    expect(performance.now() - began).to.be.below(25_000);
    expect(await read(mailOf())).to.include({ text: 'Where is my order?' });
  });

  it('reads the next mail where no thread could be had for one: every later mail was turned away', async () => {
    let isOut = true;
    const poor = createMailReader({
      clock: {
        ...clock,
        after(delayMs, run) {
          if (isOut) throw new Error('out of threads');
          return clock.after(delayMs, run);
        },
      },
    });
    const refusal = await poor.read(Buffer.from(mailOf())).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(Error);
    isOut = false;
    expect(await poor.read(Buffer.from(mailOf()))).to.be.an('object');
    await poor.close();
  });

  it('refused a mail for good that a busy machine read too slowly: only the second time, and the next is read anew', async () => {
    const waits: (() => void)[] = [];
    const cancelled = new Set<() => void>();
    const hasty = createMailReader({
      clock: {
        nowMs: clock.nowMs,
        after(_delayMs, run) {
          waits.push(run);
          return () => cancelled.add(run);
        },
      },
    });
    const long = Buffer.from(mailOf({}, 'word\n'.repeat(2_000_000)));
    for (const [time, answer] of ['too-slow', 'unreadable'].entries()) {
      const slow = hasty.read(long);
      while (waits.length <= time) await Promise.resolve();
      waits[time]?.();
      expect(await slow).to.equal(answer);
    }
    expect(await hasty.read(Buffer.from(mailOf()))).not.to.equal('unreadable');
    expect(cancelled.size).to.equal(3);
    await hasty.close();
  });
});
