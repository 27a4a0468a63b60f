import type { Message } from '@throughline/kernel/envelope';
import fc from 'fast-check';

/** Ids that records share, so that they meet each other's documents; and some that no service makes. */
const IDS = (name: string): readonly string[] => [
  ...['a', 'a', 'a', 'b', 'b'].map((letter) => `${name}_${letter}`),
  `${name}_${'x'.repeat(300)}`,
  '',
  '__proto__',
];

/** Messages whose ids are those of a few cases, contacts and customers. */
export const plausible = (messages: fc.Arbitrary<Message>): fc.Arbitrary<Message> =>
  fc.tuple(messages, fc.infiniteStream(fc.nat(7))).map(([message, picks]) => {
    const pick = (name: string): string => {
      const ids = IDS(name);
      return ids[picks.next().value ?? 0] ?? '';
    };
    const body = withIds(message.body, pick);
    const caseId = isObject(body) && typeof body.caseId === 'string' ? body.caseId : pick('case');
    return { ...message, key: caseId, subject: caseId === '' ? 'case_a' : caseId, body };
  });

function withIds(value: unknown, pick: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => withIds(each, pick));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isId = typeof member === 'string' && (name.endsWith('Id') || name === 'subject');
      return [
        name,
        isId
          ? pick(name.replace(/^.*?(case|contact|customer)?Id$/i, '$1').toLowerCase() || name)
          : withIds(member, pick),
      ];
    }),
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
