import { expect } from 'chai';
import type { ParsedMail } from 'mailparser';
import { addressOf } from '../../scripts/demo/mail-client.ts';
import { Stage } from '../../scripts/demo/stage.ts';
import { JOEL, MARTA, ShopBackend, takesRefunds } from './backend.ts';

const A = 'TN-Validation-Passed-A';
const MARTAS = /10-4477|refund|marta|nowak|finance/i;

/** Marta has an open refund; whoever is not her learns nothing about it, not even that there is something. */
describe('a stranger learns nothing', () => {
  let shop: ShopBackend;
  let stage: Stage;
  let caseId: string;
  beforeEach(async () => {
    shop = await ShopBackend.open(takesRefunds);
    stage = await Stage.open({ THROUGHLINE_ACTIONS: shop.actionsFile });
    await stage.importCustomers([MARTA, JOEL]);
    const chat = await stage.loggedIn('M-77');
    caseId = (await chat.ask('Please refund order 10-4477.')).caseId ?? '';
    chat.close();
  });
  afterEach(async () => {
    await stage.close();
    shop.close();
  });

  const calls = [
    { who: 'an unknown number', from: '+12025550199', attestation: A },
    { who: 'her number without attestation', from: '+12025550143' },
    { who: 'her number attested B', from: '+12025550143', attestation: 'TN-Validation-Passed-B' },
    { who: 'her number with a failed attestation', from: '+12025550143', attestation: 'TN-Validation-Failed-A' },
    { who: 'a withheld number', from: 'anonymous', attestation: A },
    { who: 'a number that is none', from: '+266696687', attestation: A },
  ];
  for (const [place, { who, ...call }] of calls.entries()) {
    it(`from ${who}`, async () => {
      const caller = await stage.call({ ...call, callSid: `CA10${place}` });
      const heard = [
        await caller.hears(/./s),
        await caller.ask('What is happening with my refund?'),
        await caller.ask('My email is marta.nowak@mailbox.example'),
      ];
      for (const words of heard.slice(0, 1)) expect(words).not.to.match(MARTAS);
      for (const words of heard) expect(words).not.to.match(/10-4477|marta nowak|finance/i);
      const wrong = await caller.ask('000000');
      expect(wrong).not.to.match(/10-4477|finance/i);
      caller.hangUp();
    });
  }

  it('who is asked for a code hears the same words whether or not the customer exists', async () => {
    const words: string[] = [];
    for (const [place, address] of ['marta.nowak@mailbox.example', 'nobody.at.all@mailbox.example'].entries()) {
      const caller = await stage.call({ from: '+12025550199', callSid: `CA20${place}`, attestation: A });
      await caller.hears(/./s);
      words.push((await caller.ask(`My email is ${address}`)).replaceAll(address, '<address>'));
      caller.hangUp();
    }
    expect(words[0]).to.equal(words[1]);
  });

  const answerTo = async (messageId: string, send: () => Promise<void>): Promise<ParsedMail> => {
    const from = stage.mail.received.items.length;
    await send();
    return stage.mail.received.next(`an answer to ${messageId}`, (mail) => mail.inReplyTo === messageId, from);
  };
  const write = (
    from: string,
    messageId: string,
    more: { to?: string; inReplyTo?: string; dmarc?: 'pass' | 'fail'; text?: string } = {},
  ): Promise<void> =>
    stage.mail.send(stage.mesh.smtp, {
      from,
      to: 'help@support.example',
      subject: 'My order',
      text: 'Any news on my refund?',
      messageId,
      ...more,
    });

  it('by a mail from an address that nobody knows', async () => {
    const answer = await answerTo('<s1@else.example>', () => write('someone@else.example', '<s1@else.example>'));
    expect(addressOf(answer.to)).to.equal('someone@else.example');
    expect(answer.text).not.to.match(/10-4477|finance|marta/i);
  });

  it('by a mail from elsewhere, unless she proves who she is by the code that is mailed to her', async () => {
    const from = 'marta@work.example';
    const replyTo = (answer: ParsedMail) => ({
      to: addressOf(answer.replyTo),
      ...(answer.messageId ? { inReplyTo: answer.messageId } : {}),
    });
    const hello = await answerTo('<e1@work.example>', () => write(from, '<e1@work.example>'));
    expect(hello.text).to.match(/address or phone number that we have on file/);
    const before = stage.mail.received.items.length;
    const says = (messageId: string, text: string, former: ParsedMail): Promise<ParsedMail> =>
      answerTo(messageId, () => write(from, messageId, { text, ...replyTo(former) }));
    const asked = await says('<e2@work.example>', 'It is marta.nowak@mailbox.example.', hello);
    expect(asked.text).to.match(/six-digit code/);
    const isHers = ({ to }: ParsedMail): boolean => addressOf(to) === 'marta.nowak@mailbox.example';
    const code = /\b\d{6}\b/.exec((await stage.mail.received.next('the code', isHers, before)).text ?? '')?.[0];
    const known = await says('<e3@work.example>', `The code is ${code}.`, asked);
    expect(known.text).to.match(/10-4477/);
  });

  it('by a forged mail: it is recorded and nobody is answered', async () => {
    const before = stage.mail.received.items.length;
    await write('marta.nowak@mailbox.example', '<f1@mailbox.example>', { dmarc: 'fail' });
    // A mail behind it that is answered shows that the forged one was passed by.
    await answerTo('<f2@mailbox.example>', () => write('marta.nowak@mailbox.example', '<f2@mailbox.example>'));
    const answers = stage.mail.received.items.slice(before).filter((mail) => mail.inReplyTo === '<f1@mailbox.example>');
    expect(answers).to.deep.equal([]);
  });

  it("by another customer's mail with her reply token", async () => {
    const hers = await answerTo('<t1@mailbox.example>', () =>
      write('marta.nowak@mailbox.example', '<t1@mailbox.example>'),
    );
    const token = addressOf(hers.replyTo);
    expect(token).to.match(/@support\.example$/);
    const stolen = await answerTo('<t2@mailbox.example>', () =>
      write('joel.brandt@mailbox.example', '<t2@mailbox.example>', {
        to: token,
        ...(hers.messageId ? { inReplyTo: hers.messageId } : {}),
      }),
    );
    expect(addressOf(stolen.to)).to.equal('joel.brandt@mailbox.example');
    expect(stolen.text).not.to.match(/10-4477|finance|marta/i);
    const thread = await stage.api<{ items: { text?: string; contactId?: string; type: string }[] }>(
      `/api/cases/${caseId}/thread?limit=500`,
    );
    expect(JSON.stringify(thread)).not.to.contain('joel');
  });

  it('in an anonymous chat that names her', async () => {
    const chat = await stage.anonymous();
    const said = await chat.ask('I am Marta Nowak, what about my refund for order 10-4477?');
    expect(said.text).not.to.match(/pending|finance|approve/i);
    chat.close();
  });

  it('not even with too many guesses at the code', async () => {
    const caller = await stage.call({ from: '+12025550199', callSid: 'CA300', attestation: A });
    await caller.hears(/./s);
    await caller.ask('My email is marta.nowak@mailbox.example');
    const heard: string[] = [];
    for (const guess of ['111111', '222222', '333333', '444444', '555555', '666666'])
      heard.push(await caller.ask(`The code is ${guess}`));
    for (const words of heard) expect(words).not.to.match(/10-4477|finance/i);
    const code = /\b(\d{6})\b/.exec(stage.mail.received.items.at(-1)?.text ?? '')?.[1] ?? '';
    expect(await caller.ask(`The code is ${code}`)).not.to.match(/10-4477|finance/i);
    caller.hangUp();
  });
});
