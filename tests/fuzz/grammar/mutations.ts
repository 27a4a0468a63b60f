import fc from 'fast-check';

/** Texts that have broken programs. */
const TOKENS: readonly string[] = [
  ...[
    '\0',
    '\r\n',
    '\n',
    '\r',
    '\t',
    '"',
    "'",
    '\\',
    '<',
    '>',
    '&',
    '%00',
    '%',
    '{',
    '}',
    '[',
    ']',
    ':',
    ';',
    ',',
    '@',
  ],
  ...['\ud800', '\udc00', '\ufeff', '\u202e', '\u2028', '\u0000', '\u200b', 'é', '💬', 'ﬁ', 'İ', '\u0300'],
  ...['-1', '0', '1e999', '9007199254740993', '-0', 'NaN', 'null', 'undefined', 'true', '[]', '{}'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '../', '..%2f', '$ne', '{{1}}'],
  ...['4111111111111111', '482913', 'a@b.example', '+14155550132', 'dot', 'at', ' at ', '10-4477'],
];

/** One change of a text. Positions are parts of its length, so that a change stays what it is while the text shrinks. */
export interface Change {
  readonly how: 'delete' | 'insert' | 'repeat' | 'flip' | 'cut';
  readonly at: number;
  readonly length: number;
  readonly token: string;
  readonly times: number;
}

const token = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TOKENS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);
const part = fc.double({ min: 0, max: 1, noNaN: true });

const change: fc.Arbitrary<Change> = fc.record({
  how: fc.constantFrom('delete', 'insert', 'repeat', 'flip', 'cut'),
  at: part,
  length: fc.integer({ min: 1, max: 40 }),
  token,
  times: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 8 }) }, { weight: 1, arbitrary: fc.nat(5_000) }),
});

/** No text grows beyond this by being changed, in characters. */
const CHARS_MAX = 200_000;

function changed(text: string, { how, at, length, token: inserted, times }: Change): string {
  const from = Math.floor(at * text.length);
  const [before, here, after] = [text.slice(0, from), text.slice(from, from + length), text.slice(from + length)];
  switch (how) {
    case 'delete':
      return before + after;
    case 'insert':
      return before + inserted.repeat(times) + here + after;
    case 'repeat':
      return before + here.repeat(times + 1) + after;
    case 'flip':
      return before + String.fromCharCode((here.charCodeAt(0) || 0) ^ (1 << (length % 8))) + here.slice(1) + after;
    case 'cut':
      return before;
  }
}

/** A few changes of one text, to be made where the text is not known before. */
export const changes: fc.Arbitrary<readonly Change[]> = fc.array(change, { maxLength: 4, size: 'max' });

export const withChanges = (text: string, made: readonly Change[]): string =>
  made.reduce(changed, text).slice(0, CHARS_MAX);

/** Texts like these, with a few things wrong; now and then one as it is. */
export const mutated = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(texts, changes).map(([text, made]) => withChanges(text, made));

/** Bytes like these: what `mutated` does to them as Latin-1. */
export const mutatedBytes = (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  mutated(bytes.map((each) => Buffer.from(each).toString('latin1'))).map((text) => Buffer.from(text, 'latin1'));

/** Any text a program may be sent. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  token,
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.tuple(token, fc.nat(3_000)).map(([text, times]) => text.repeat(times)),
);
