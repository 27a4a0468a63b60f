import { isFarewell, wantsNothing } from '@throughline/language/farewell';
import { normalizeEmail, normalizePhone } from '@throughline/language/identifiers';
import { agrees, intents, numberAskedAbout, reasonOf, withdrawsRefund } from '@throughline/language/intent';
import { mentions, ordersMeant } from '@throughline/language/mentions';
import { maskCodes, maskTurn, redact } from '@throughline/language/redact';
import { labelFact, labelText } from '@throughline/language/sensitivity';
import { speakable } from '@throughline/voice-gateway/render';
import fc from 'fast-check';
import { type DoorKind, demand } from '../door.ts';
import { anyText, mutated } from '../grammar/mutations.ts';

const TEXT_CHARS_MAX = 64 * 1024;
/** Of one function on one text, in milliseconds: what counts as a hang. It takes a fifth of it on a machine with nothing else to do. */
const READ_MS_MAX = 1_000;

/** Every function that reads what a customer, an operator or a backend wrote. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  redact: (text) => redact(text, '', 'US'),
  maskCodes,
  maskTurn: (text) => maskTurn(text, { codeAwaited: true, carry: '663' }),
  intents,
  numberAskedAbout,
  reasonOf,
  agrees,
  withdrawsRefund,
  wantsNothing,
  isFarewell,
  mentions: (text) => mentions(text, 'US'),
  ordersMeant: (text) => ordersMeant(text, 'US'),
  labelText,
  labelFact: (text) => labelFact('note', text),
  normalizeEmail,
  normalizePhone: (text) => normalizePhone(text, 'US'),
  speakable,
};

const REPEATED: readonly string[] = [
  ...['[', '![', '[a](', '(', '_', '`', '```', '*', '~~', 'www.', 'http://', 'a@', '@', 'a.', '.', '-', '+', '#', '/'],
  ...[
    '1',
    '1 ',
    '1-',
    '4111 ',
    '0',
    '٣',
    'one ',
    'double ',
    'oh ',
    'twenty one ',
    'dot ',
    ' at ',
    ' underscore ',
    'a at b dot ',
  ],
  ...[
    'order ',
    'W1',
    'order number ',
    'refund ',
    'not ',
    'cancel ',
    'because ',
    '\n',
    '> ',
    ' ',
    '\u200b',
    'é',
    '💬',
    'ß',
    'I',
  ],
];

/** A few letters again and again, up to what a turn may hold: what makes a pattern step back for ever. */
const repetitive = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...REPEATED), anyText), fc.oneof(fc.nat(20), fc.nat(TEXT_CHARS_MAX))), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) =>
    parts
      .map(([token, times]) => token.repeat(Math.min(times, Math.ceil(TEXT_CHARS_MAX / Math.max(1, token.length)))))
      .join('')
      .slice(0, TEXT_CHARS_MAX),
  );

/** Everything that reads texts runs on the thread that serves every customer. */
export const wordsDoor: DoorKind<string> = {
  name: 'words',
  about: 'texts of up to 64 kB: every function that reads them comes to an end, in time, with text that is whole',
  inputsPerOpening: 500,
  inputs: (seeds) =>
    fc.oneof(
      repetitive,
      mutated(fc.constantFrom(...seeds.sayings, ...seeds.bodies)).map((text) => text.slice(0, TEXT_CHARS_MAX)),
    ),
  async open() {
    return {
      async feed(text) {
        for (const [name, read] of Object.entries(READERS)) {
          const tookMs = timed(() => read(text));
          demand(tookMs <= READ_MS_MAX, `${name} took ${Math.round(tookMs)} ms.`);
        }
        const { text: masked } = redact(text, '', 'US');
        demand(masked.isWellFormed() || !text.isWellFormed(), 'A character was cut in half by masking.');
        demand(!/\b4111 ?1111 ?1111 ?1111\b/.test(masked), 'A card number was not masked.');
      },
      async close() {},
    };
  },
};

/** Milliseconds of this thread's processor, whoever else is on it. */
function timed(run: () => unknown): number {
  const before = process.threadCpuUsage();
  run();
  return process.threadCpuUsage(before).user / 1000;
}
