import type { Schemas } from '@throughline/schemas/load';
import type { RecordShape, Shape } from '@throughline/schemas/shape';

/**
 * The TypeScript of the contract, not yet formatted. Throws where two topics give one record name two meanings:
 * readers tell records apart by name.
 */
export function renderMessages({ topics, shared }: Schemas): string {
  const records = new Map<string, string>([...shared].map(([name, shape]) => [name, interfaceOf(shape)]));
  for (const [topic, ofTopic] of topics) {
    for (const [name, { shape }] of ofTopic) {
      const text = interfaceOf(shape);
      if ((records.get(name) ?? text) !== text)
        throw new Error(`${topic}: there is another record ${name}; they have one shape or two names.`);
      records.set(name, text);
    }
  }
  const unions = [...topics].map(([topic, ofTopic]) => topicTypes(topic, [...ofTopic.keys()]));
  return [
    '// Written by `pnpm generate` from schemas/avro. Change the .avsc files and run it again.',
    "import type { Message } from '@throughline/kernel/envelope';",
    ...unions,
    ...[...records].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
  ].join('\n\n');
}

/** `identity.inputs.v1` is a topic of `IdentityInput`s. */
export function messageTypeName(topic: string): string {
  const [area, plural] = topic.split('.');
  if (area === undefined || plural === undefined) throw new Error(`${topic} is not named <area>.<plural>.v<number>.`);
  return `${capital(area)}${capital(plural).replace(/s$/, '')}`;
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

function topicTypes(topic: string, names: readonly string[]): string {
  const type = messageTypeName(topic);
  return `/** The bodies of ${topic} by record name. */
export interface ${type}Bodies {
  ${names.map((name) => `readonly ${name}: ${name};`).join('\n  ')}
}

/** A message of ${topic}; \`type\` tells which. */
export type ${type} = ${names.map((name) => `\n  | Message<'${name}', ${name}>`).join('')};`;
}

function interfaceOf(record: RecordShape): string {
  const fields = record.fields.map(
    (field) => `  /** ${docText(field.doc)} */\n  readonly ${field.name}: ${typeOf(field.shape)};`,
  );
  return `/** ${docText(record.doc)} */\nexport interface ${record.name} {\n${fields.join('\n')}\n}`;
}

const docText = (doc: string): string => doc.replaceAll('*/', '* /');

function typeOf(shape: Shape): string {
  switch (shape.kind) {
    case 'string':
      return shape.values?.map((value) => `'${value}'`).join(' | ') ?? 'string';
    case 'protected':
      return 'string';
    case 'long':
    case 'double':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'optional':
      return `${typeOf(shape.of)} | null`;
    case 'array': {
      const item = typeOf(shape.of);
      return `readonly ${item.includes('|') ? `(${item})` : item}[]`;
    }
    case 'map':
      return `Readonly<Record<string, ${typeOf(shape.of)}>>`;
    case 'record':
      return shape.name;
  }
}
