import fc from 'fast-check';
import { anyText, mutated } from './mutations.ts';

/** Deeper than any JSON that a person writes. */
const DEPTH_MAX = 50_000;

const nested = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.nat(DEPTH_MAX))
  .map(([open, depth]) => `${open.repeat(depth)}1${(open === '[' ? ']' : '}').repeat(depth)}`);

/** A value of any kind, as JSON text. */
const anyValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: anyText.map((text) => JSON.stringify(text)) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('null', 'true', '0', '-1', '1e999', '1.5', '9007199254740993', '[]', '{}', '""'),
  },
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: nested },
);

/** What is done to one member of an object. `twice`: it is there with another value as well. */
interface Edit {
  readonly how: 'replace' | 'drop' | 'twice' | 'add' | 'inside';
  readonly member: number;
  readonly name: string;
  readonly value: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  how: fc.constantFrom('replace', 'drop', 'twice', 'add', 'inside'),
  member: fc.nat(20),
  name: anyText,
  value: anyValue,
});

/** The object as JSON text with these edits. Works on text, since no object has a member twice. */
function edited(object: Readonly<Record<string, unknown>>, edits: readonly Edit[]): string {
  const members = Object.entries(object).map(([name, value]) => ({
    name,
    text: JSON.stringify(value) ?? 'null',
    value,
  }));
  for (const { how, member, name, value } of edits) {
    const at = members.length === 0 ? -1 : member % members.length;
    const here = members[at];
    if (how === 'add' || here === undefined) members.push({ name, text: value, value: undefined });
    else if (how === 'drop') members.splice(at, 1);
    else if (how === 'twice') members.push({ ...here, text: value });
    else if (how === 'inside' && isObject(here.value))
      here.text = edited(here.value, [{ how: 'replace', member, name, value }]);
    else here.text = value;
  }
  return `{${members.map((each) => `${JSON.stringify(each.name)}:${each.text}`).join(',')}}`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON text like these objects: members wrong, missing, twice or strange; its letters changed; or any other value. */
export const mutatedJson = (objects: fc.Arbitrary<Readonly<Record<string, unknown>>>): fc.Arbitrary<string> => {
  const texts = fc.tuple(objects, fc.array(edit, { maxLength: 3 })).map(([object, edits]) => edited(object, edits));
  return fc.oneof(
    { weight: 6, arbitrary: texts },
    { weight: 3, arbitrary: mutated(texts) },
    { weight: 1, arbitrary: anyValue },
  );
};
