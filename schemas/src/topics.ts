/** The only list of topics. Names, keys and partition counts are fixed once a deployment has started. */
export interface Topic {
  readonly name: string;
  readonly key: 'identity shard' | 'case id' | 'as the source';
  readonly partitions: number;
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  /** One sentence: what it is for. */
  readonly purpose: string;
}

export const IDENTITY_INPUTS = 'identity.inputs.v1';
export const IDENTITY_EVENTS = 'identity.events.v1';
export const CASE_INPUTS = 'case.inputs.v1';
export const CASE_EVENTS = 'case.events.v1';

/** Where copies of what could not be handled go, for people. */
export const parkedTopic = (topic: string): string => `${topic}.parked.v1`;

const IDENTITY_PARTITIONS = 1;
const CASE_PARTITIONS = 8;

const MAIN_TOPICS: readonly Topic[] = [
  {
    name: IDENTITY_INPUTS,
    key: 'identity shard',
    partitions: IDENTITY_PARTITIONS,
    writers: ['chat-gateway', 'voice-gateway', 'email-gateway', 'case-state', 'operators'],
    readers: ['identity-resolution'],
    purpose:
      'What identity-resolution decides on: contacts that start, turns of contacts that are not settled, customers, notices about cases.',
  },
  {
    name: IDENTITY_EVENTS,
    key: 'identity shard',
    partitions: IDENTITY_PARTITIONS,
    writers: ['identity-resolution'],
    readers: ['audit', 'console'],
    purpose: 'What is known about who is who, and why.',
  },
  {
    name: CASE_INPUTS,
    key: 'case id',
    partitions: CASE_PARTITIONS,
    writers: [
      'chat-gateway',
      'voice-gateway',
      'email-gateway',
      'identity-resolution',
      'case-state',
      'agent',
      'operators',
    ],
    readers: ['case-state'],
    purpose: 'Everything that wants to change a case or to read it for somebody.',
  },
  {
    name: CASE_EVENTS,
    key: 'case id',
    partitions: CASE_PARTITIONS,
    writers: ['case-state'],
    readers: ['chat-gateway', 'voice-gateway', 'email-gateway', 'agent', 'audit', 'channel teams'],
    purpose: 'The numbered entries of every case, in their one order.',
  },
];

export const TOPICS: readonly Topic[] = [
  ...MAIN_TOPICS,
  ...MAIN_TOPICS.filter((topic) => topic.name.includes('.inputs.')).map((topic) => ({
    name: parkedTopic(topic.name),
    key: 'as the source' as const,
    partitions: topic.partitions,
    writers: topic.readers,
    readers: ['people'],
    purpose: `Copies of records of ${topic.name} that could not be handled.`,
  })),
];

/** How many partitions a topic has; 0 where there is no such topic. */
export const partitionsOf = (topic: string): number => TOPICS.find(({ name }) => name === topic)?.partitions ?? 0;
