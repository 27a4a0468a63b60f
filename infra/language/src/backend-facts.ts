import { redact } from './redact.ts';
import { labelFact, type Sensitivity } from './sensitivity.ts';

/** What a backend's answer says, as a fact without its source and time. */
export interface BackendFact {
  readonly name: string;
  readonly value: string;
  readonly sensitivity: Sensitivity;
}

const FACTS_MAX = 30;
const VALUE_LENGTH_MAX = 500;
/** What is read of a value to find cards in it: more than is kept, by what a card number may take up. */
const VALUE_READ_MAX = 1000;
const NAME_LENGTH_MAX = 60;

/**
 * Members of a backend's JSON body as facts: names in snake_case, nested objects flattened one level, lists of values joined.
 * `status` and `note` say of what: `request_refund` and `refund_status` both give `refund_status`. Anything but an object gives none.
 * Card numbers and their codes are masked: they are kept nowhere, whoever says them.
 * @param actionName name in the actions file
 */
export function factsFromBody(actionName: string, body: unknown): readonly BackendFact[] {
  const subject = subjectOf(actionName);
  const facts = new Map<string, BackendFact>();
  for (const [member, value] of scalars(body)) {
    const name = member === 'status' || member === 'note' ? `${subject}_${member}` : member;
    if (facts.size >= FACTS_MAX) break;
    if (!facts.has(name)) facts.set(name, { name, value, sensitivity: labelFact(name, value) });
  }
  return [...facts.values()];
}

/** What an action is about: the noun in its name. */
function subjectOf(actionName: string): string {
  const name = snakeCase(actionName);
  const noun = name.replace(/^request_/u, '').replace(/_status$/u, '');
  return noun === '' ? name : noun;
}

function* scalars(body: unknown): Generator<readonly [name: string, value: string]> {
  for (const [member, value] of membersOf(body)) {
    const text = textOf(value);
    if (text !== undefined) yield [snakeCase(member), text];
    else
      for (const [inner, each] of membersOf(value)) {
        const nested = textOf(each);
        if (nested !== undefined) yield [snakeCase(`${member}_${inner}`), nested];
      }
  }
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).filter(([name]) => snakeCase(name) !== '');
}

/** Lists inside of lists: what is deeper is no fact, and might be deeper than the stack. */
const LIST_DEPTH_MAX = 4;

/** Undefined for what is no plain value, and for what says nothing. */
function textOf(value: unknown, depth = 0): string | undefined {
  if (Array.isArray(value)) {
    if (depth === LIST_DEPTH_MAX) return undefined;
    const texts = value.map((each: unknown) => textOf(each, depth + 1));
    return texts.length > 0 && texts.every((text) => text !== undefined) ? shortened(texts.join(', ')) : undefined;
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value).trim();
  return text === '' ? undefined : shortened(text);
}

/** Whole characters only, and masked before it is cut: half a card number is not seen as one. */
function shortened(text: string): string {
  const read = text.length <= VALUE_READ_MAX ? text : text.slice(0, VALUE_READ_MAX).replace(/[\d\s.-]+$/u, '');
  const masked = redact(read, '').text;
  return masked.length <= VALUE_LENGTH_MAX
    ? masked
    : masked.slice(0, VALUE_LENGTH_MAX).replace(/[\uD800-\uDBFF]$/u, '');
}

function snakeCase(name: string): string {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/gu, '')
    .slice(0, NAME_LENGTH_MAX);
}
