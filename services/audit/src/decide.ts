import type { Message } from '@throughline/kernel/envelope';
import type { DecideContext, Decision, Documents } from '@throughline/kernel/processor';
import { type ChainHead, emptyHead, linkFor } from './chain.ts';
import { HEAD, headRef, LINK, linkRef, listOf } from './processor.ts';

/** One record is one link more: law 9. */
export function decide(message: Message, documents: Documents, context: DecideContext): Decision {
  const { record } = context;
  const head = headRef(record.topic, record.partition);
  const former = documents.get<ChainHead>(HEAD, head.id) ?? emptyHead(record.topic, record.partition);
  const link = linkFor(former, record, context.mac);
  const next: ChainHead = { ...former, count: former.count + 1, hash: link.hash, offset: record.offset };
  const sort = `${String(message.timeMs).padStart(15, '0')}/${record.topic}/${record.partition}/${String(link.place).padStart(16, '0')}`;
  return {
    writes: [
      { ...head, content: next },
      {
        kind: LINK,
        id: linkRef(record.topic, record.partition, link.place).id,
        content: link,
        lists: [{ list: listOf(message.subject), sort }],
      },
    ],
  };
}
