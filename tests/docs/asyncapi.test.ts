import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import specifications from '@asyncapi/specs';
import { loadSchemas } from '@throughline/schemas/load';
import { parkedTopic, TOPICS } from '@throughline/schemas/topics';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'chai';

interface Document {
  readonly channels: Readonly<
    Record<string, { messages: Readonly<Record<string, unknown>>; bindings: { kafka: { partitions: number } } }>
  >;
  readonly operations: Readonly<
    Record<string, { action: string; channel: { $ref: string }; tags: readonly { name: string }[] }>
  >;
}

describe('the AsyncAPI document', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'asyncapi.json'), 'utf8');
  const document: Document = JSON.parse(text);

  it('is one of AsyncAPI 3.0', () => {
    const ajv = new Ajv({ strict: false, validateFormats: true });
    addFormats.default(ajv);
    const validate = ajv.compile(specifications.schemasWithoutId['3.0.0'] as object);
    validate(document);
    expect(validate.errors ?? []).to.deep.equal([]);
  });

  it('has every record of every topic, and copies of the parked ones', () => {
    const schemas = loadSchemas();
    for (const { name, partitions } of TOPICS) {
      const source = TOPICS.find((topic) => parkedTopic(topic.name) === name)?.name ?? name;
      const channel = document.channels[name];
      expect(Object.keys(channel?.messages ?? {})).to.deep.equal([...(schemas.topics.get(source)?.keys() ?? [])]);
      expect(channel?.bindings.kafka.partitions).to.equal(partitions);
    }
    expect(Object.keys(document.channels)).to.have.length(TOPICS.length);
  });

  it('says who sends and who receives as the list of topics does', () => {
    const said = Object.values(document.operations).map(
      ({ action, channel, tags }) => `${tags[0]?.name} ${action} ${channel.$ref.replace('#/channels/', '')}`,
    );
    const listed = TOPICS.flatMap(({ name, writers, readers }) => [
      ...writers.map((who) => `${who} send ${name}`),
      ...readers.map((who) => `${who} receive ${name}`),
    ]);
    expect(said).to.have.members(listed);
  });

  it('refers to nothing that is not in it', () => {
    const at = (pointer: string): unknown =>
      pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
    const pointers = [...text.matchAll(/"\$ref": "#([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(pointers).not.to.be.empty;
    expect(pointers.filter((pointer) => at(pointer) === undefined)).to.deep.equal([]);
  });
});
