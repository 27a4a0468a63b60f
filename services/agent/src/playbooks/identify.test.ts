import type { ContactBriefed } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import { briefed, fact, plan, question, turn } from './given.ts';

const unsettled = (stated: Partial<ContactBriefed> = {}, briefing: Partial<ContactBriefed['briefing']> = {}) =>
  briefed({ settled: false, assurance: 0, disposition: 'unmatched', cause: 'weighed', ...stated }, briefing);

describe('identify: before it is settled who is there', () => {
  it('keeps what the customer said and asks how to find them', () => {
    const said = plan(
      unsettled({ verdict: 'nothing-found' }, { unanswered: [turn('I want a refund for order W2378156')] }),
    );
    expect(said.text).to.equal(
      'Please tell me the e-mail address or phone number that we have on file for you, so that I can find you.',
    );
    expect(said).to.include({ asks: 'identity', kind: 'refund', action: null, stepUp: null });
    expect(said.facts.map(({ name, value }) => [name, value])).to.deep.include.members([
      ['order_number', 'W2378156'],
      ['kind', 'refund'],
    ]);
  });

  it('says the same to a number on file as to one that nobody knows (law 5)', () => {
    for (const cause of ['joined', 'weighed'] as const) {
      for (const unanswered of [[], [turn('Where is my order?')]]) {
        const words = (['verify', 'unmatched'] as const).map(
          (disposition) => plan(unsettled({ disposition, cause }, { unanswered })).text,
        );
        expect(words[0]).to.equal(words[1]);
      }
    }
  });

  it('uses the same words for a code whether or not there is an address', () => {
    const words = (['verify', 'unmatched'] as const).map(
      (disposition) =>
        plan(
          unsettled(
            { disposition, verdict: 'code-sent', codeAwaited: true },
            { unanswered: [turn('ines@post.example')] },
          ),
        ).text,
    );
    expect(words[0]).to.equal(
      'If that address or number is on file with us, a six-digit code is on its way to the e-mail address we have. Please tell me the code.',
    );
    expect(words[1]).to.equal(words[0]);
  });

  it('says how many tries are left', () => {
    const said = plan(
      unsettled({ verdict: 'code-wrong', codeAwaited: true, triesLeft: 2 }, { unanswered: [turn('******')] }),
    );
    expect(said.text).to.contain('2 tries left');
    expect(plan(unsettled({ verdict: 'code-wrong', codeAwaited: true, triesLeft: 1 })).text).to.contain('one try left');
  });

  it('asks which case without reading any out', () => {
    const said = plan(
      unsettled(
        { disposition: 'choose', verdict: 'which-case', assurance: 1 },
        { facts: [fact('order_number', 'W2378156')], unanswered: [turn('It is about my order')] },
      ),
    );
    expect(said.text).to.equal(
      'Is this about something you have been in touch about before? An order number helps, or say it is something new.',
    );
    expect(said.asks).to.equal('which_case');
  });

  it('asks for a person after two fruitless questions', () => {
    const said = plan(
      unsettled({ verdict: 'nothing-found' }, { asked: ['identity', 'identity'], unanswered: [turn('I do not know')] }),
    );
    expect(said.asks).to.equal(null);
    expect(said.handover).to.be.a('string');
  });

  it('gives a person to whoever asks for one', () => {
    const said = plan(unsettled({ verdict: 'nothing-found' }, { unanswered: [turn('Let me talk to a human')] }));
    expect(said.handover).to.be.a('string');
  });

  it('gives up after too many wrong codes, and where no code can be sent', () => {
    for (const verdict of ['code-exhausted', 'no-address'] as const) {
      expect(plan(unsettled({ verdict })).handover, verdict).to.be.a('string');
    }
  });

  for (const settled of [true, false]) {
    it(`gives a person to whoever has no code after three questions for it, ${settled ? 'known' : 'unknown'} or not`, () => {
      const awaited = (asked: number, needsPerson = false) =>
        briefed(
          { verdict: 'code-sent', cause: 'weighed', codeAwaited: true, assurance: 1, settled },
          { asked: Array(asked).fill('code'), needsPerson, unanswered: [turn('can you text it to me instead?')] },
        );
      expect(plan(awaited(2))).to.include({ asks: 'code', handover: null });
      const passedOn = plan(awaited(3));
      expect(passedOn.handover).to.be.a('string');
      expect(passedOn.text).to.equal(
        'I cannot go on without the code. If you find it, please tell me the six digits. A colleague will look at this and get back to you.',
      );
      expect(plan(awaited(3, true))).to.include({ handover: null, promise: null });
    });
  }

  it('goes on with what was wanted where the code comes after all', () => {
    const late = briefed(
      { verdict: 'proven', cause: 'weighed' },
      {
        kind: 'refund',
        facts: [fact('order_number', 'W2378156')],
        asked: ['code', 'code', 'code'],
        needsPerson: true,
        recent: [turn('I want a refund', { number: 2 })],
        unanswered: [turn('••••')],
      },
    );
    expect(plan(late).action?.name).to.equal('request_refund');
  });

  it('offers another code to a known customer whose code ran out, and asks for it on a yes', () => {
    const expired = plan(
      briefed({ verdict: 'code-expired', cause: 'weighed', assurance: 1 }, { unanswered: [turn('******')] }),
    );
    expect(expired).to.include({ asks: 'code', text: 'That code has run out. Shall I send a new one?' });
    const agreed = plan(briefed({ assurance: 1 }, { question: question('code'), unanswered: [turn('yes')] }));
    expect(agreed).to.include({ text: null, stepUp: 2 });
  });

  it('has words for every verdict on every channel', () => {
    const verdicts = [
      'nothing-found',
      'code-sent',
      'code-limited',
      'code-wrong',
      'code-expired',
      'code-exhausted',
      'no-address',
      'which-case',
    ] as const;
    for (const verdict of verdicts) {
      for (const channel of ['chat', 'voice', 'email'] as const) {
        for (const settled of [true, false]) {
          expect(plan(briefed({ verdict, channel, settled }, { unanswered: [turn('mm')] })).text, verdict).to.match(
            /\w\.|\?/,
          );
        }
      }
    }
  });
});
