import type { Message } from '@throughline/kernel/envelope';
import type { DocumentRef } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import { decide } from './decide.ts';

/** The trail is read long after; records that come together are one commit. */
const LINGER_MS = 500;

export const LINK = 'link';
export const HEAD = 'head';

export const headRef = (topic: string, partition: number): DocumentRef => ({ kind: HEAD, id: `${topic}/${partition}` });
export const linkRef = (topic: string, partition: number, place: number): DocumentRef => ({
  kind: LINK,
  id: `${topic}/${partition}/${String(place).padStart(16, '0')}`,
});

/** List of the links about one case, contact or customer. */
export const listOf = (subject: string): string => `subject:${subject}`;

/**
 * Keeps the trail of one topic. It needs the head of the partition that it works on, and every partition has one document for
 * that, so `needs` names it by the record's place, which the message does not carry: all partitions' heads are one small set.
 */
export const createAuditProcessor = (topic: string, partitions: number): Processor => ({
  name: `audit-${topic.split('.')[0]}`,
  topic,
  observes: true,
  lingerMs: LINGER_MS,
  needs: () => Array.from({ length: partitions }, (_, partition) => headRef(topic, partition)),
  decide: (message: Message, documents, context) => decide(message, documents, context),
  // Everything protected in a record is sealed already, field by field.
  keyOf: () => undefined,
});
