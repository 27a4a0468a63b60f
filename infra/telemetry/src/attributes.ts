/**
 * Every attribute that a span of ours has, by the semantic conventions for messaging where they have one. Values are ids, names
 * and words of closed sets: what people said, who they are and how they are reached is on no span.
 */
export {
  ATTR_MESSAGING_CONSUMER_GROUP_NAME as CONSUMER_GROUP,
  ATTR_MESSAGING_DESTINATION_NAME as DESTINATION,
  ATTR_MESSAGING_MESSAGE_ID as MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_NAME as OPERATION_NAME,
  ATTR_MESSAGING_OPERATION_TYPE as OPERATION_TYPE,
  ATTR_MESSAGING_SYSTEM as SYSTEM,
} from '@opentelemetry/semantic-conventions/incubating';

/** Type of the message, such as ContactBriefed. */
export const MESSAGE_TYPE = 'throughline.message.type';
export const CASE_ID = 'throughline.case.id';
export const CONTACT_ID = 'throughline.contact.id';
/** Partition of the input that a processor handled. */
export const INPUT_PARTITION = 'throughline.input.partition';
