import type { Schemas } from '@throughline/schemas/load';
import type { Field, RecordShape, Shape } from '@throughline/schemas/shape';
import type { Topic } from '@throughline/schemas/topics';

/** `docs/topics.md`: what a team needs that subscribes to a topic or writes to one. */
export function renderTopics(topics: readonly Topic[], schemas: Schemas): string {
  return [
    PREFACE,
    '## Topics',
    table(
      ['topic', 'key', 'partitions', 'written by', 'read by'],
      topics.map((topic) => [
        `\`${topic.name}\``,
        topic.key,
        `${topic.partitions}`,
        topic.writers.join(', '),
        topic.readers.join(', '),
      ]),
    ),
    topics.map((topic) => `- \`${topic.name}\`: ${topic.purpose}`).join('\n'),
    'Partition counts are fixed once a deployment has started: another count would move keys to other partitions and break their order.',
    HEADERS,
    ...[...schemas.topics].flatMap(([topic, records]) => [
      `## Records of \`${topic}\``,
      ...[...records.values()].map(({ shape }) => recordText(shape)),
    ]),
    '## Shared records',
    'These stand inside the records above.',
    ...[...schemas.shared.values()].map(recordText),
  ]
    .join('\n\n')
    .concat('\n');
}

const PREFACE = `# Topics and records

Written by \`pnpm generate\` from \`schemas/avro\` and \`schemas/src/topics.ts\`; the \`.avsc\` files are the contract.

## Before you subscribe

- **\`case.events.v1\` passes by the load policy.** What a channel may load is decided per contact by case-state; a subscriber sees every entry of
  every case. So it is for services that have an ACL on the topic, and a service that speaks to customers says to them only what
  \`ContactBriefed\` gave to their contact.
- **Entries of a case are numbered 1, 2, 3, … without gaps** (\`number\`). The log may deliver a record twice, late or after a takeover. The reader's rule:
  drop a number that you have seen for that case; a number that is not the next one is a gap, and a gap is an error: stop and report it, do not go on.
- **Number 0 marks a control record.** It concerns a contact or a reader and is no entry of the thread: it is not counted, and it is told apart by \`ce_id\`.
- **Order holds per key.** Every record about a case carries that case's key, so all readers see them in the same order. There is no order across cases.
- **What may grow is a string.** New record types and new optional fields come without notice: skip a \`ce_type\` that you do not know, but count its \`number\`.
- **Write inputs, never events.** What somebody did or wants is an input; case-state and identity-resolution alone say what is now true.`;

const HEADERS = `## Headers

CloudEvents 1.0 in Kafka's binary mode.

| header | meaning |
| --- | --- |
| \`ce_specversion\` | \`1.0\` |
| \`ce_id\` | derived from what the record says: the same thing said twice has one id |
| \`ce_type\` | name of the record |
| \`ce_source\` | \`<processor>/<partition>\`, or the name of the service |
| \`ce_sequence\` | only on what processors send: rises by one per source; a record whose sequence is not above the last one of its source was delivered again |
| \`ce_subject\` | the case or contact that it is about |
| \`ce_time\` | RFC 3339, UTC, milliseconds |
| \`traceparent\` | W3C trace context |
| \`content-type\` | \`application/avro\` |

The value is a zero byte, the schema id in four bytes (big-endian), and the Avro body, as Confluent's serializers write it; the subject in the registry
is \`<topic>-io.throughline.<record name>\`, compatibility FULL_TRANSITIVE.

**Protected** fields (what people said, values of facts, identifiers) are Avro bytes: algorithm, key id, nonce and AES-256-GCM ciphertext. Each is sealed by itself under the key that the record names.
Services of the mesh read them as text through the keyring. Once a key is destroyed the field reads as \`[erased]\`; a field that was erased before it was written is empty.`;

function recordText(record: RecordShape): string {
  const key =
    record.sealedBy === undefined
      ? ''
      : ` Protected fields are sealed under the key of the ${record.sealedBy.scope} in \`${record.sealedBy.path}\`.`;
  return `### ${record.name}\n\n${record.doc}${key}\n\n${table(['field', 'type', 'meaning'], record.fields.map(fieldRow))}`;
}

const fieldRow = (field: Field): readonly string[] => [`\`${field.name}\``, typeText(field.shape), field.doc];

function typeText(shape: Shape): string {
  switch (shape.kind) {
    case 'string':
      return shape.values?.map((value) => `\`${value}\``).join(', ') ?? 'string';
    case 'protected':
      return '**protected** string';
    case 'optional':
      return `${typeText(shape.of)}, or null`;
    case 'array':
      return `list of ${typeText(shape.of)}`;
    case 'map':
      return `map of ${typeText(shape.of)}`;
    case 'record':
      return `[${shape.name}](#${shape.name.toLowerCase()})`;
    default:
      return shape.kind;
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
