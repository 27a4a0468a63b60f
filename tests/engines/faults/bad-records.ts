import type { Codec, Message } from '@throughline/kernel/envelope';
import type { OutgoingRecord } from '@throughline/kernel/ports';
import { CASE_INPUTS, IDENTITY_INPUTS } from '@throughline/schemas/topics';

/** Enough that most partitions get some. */
const OF_CASES = 12;
const OF_IDENTITY = 2;

/** Inputs that nobody can read, each of a case or a contact of its own: by turns bytes of nobody, and a message that is cut off. */
export function badRecords(codec: Codec, wave: number): readonly OutgoingRecord[] {
  const ofCases = Array.from({ length: OF_CASES }, (_, n) => {
    const caseId = `case_bad_${wave}_${n}`;
    const body = { caseId, contactId: `ctc_bad_${wave}_${n}`, reason: 'left', atMs: 1 };
    return spoil(codec, n, { topic: CASE_INPUTS, key: caseId, type: 'ContactLeft', subject: caseId, body });
  });
  const ofIdentity = Array.from({ length: OF_IDENTITY }, (_, n) => {
    const contactId = `ctc_bad_${wave}_${n}`;
    const body = { contactId, lastActiveMs: 1 };
    return spoil(codec, n, { topic: IDENTITY_INPUTS, key: 'default', type: 'ContactSeen', subject: contactId, body });
  });
  return [...ofCases, ...ofIdentity];
}

function spoil(
  codec: Codec,
  n: number,
  message: Pick<Message, 'topic' | 'key' | 'type' | 'subject' | 'body'>,
): OutgoingRecord {
  const id = `bad ${message.type} ${message.subject}`;
  const whole = codec.encode({ ...message, id, source: 'tests', timeMs: 1, traceparent: '' });
  if (n % 2 === 0) return { ...whole, value: whole.value.subarray(0, whole.value.length - 1) };
  return { ...whole, headers: { ce_id: id, ce_subject: message.subject }, value: Buffer.from('bytes of nobody') };
}
