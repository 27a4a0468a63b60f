import { type Fuzzable, fuzzable } from './door.ts';
import { actionsDoor } from './doors/actions.ts';
import { apiDoor } from './doors/api.ts';
import { chatDoor } from './doors/chat.ts';
import { logFileDoor } from './doors/log-file.ts';
import { mimeDoor } from './doors/mime.ts';
import { recordsDoor } from './doors/records.ts';
import { relayDoor } from './doors/relay.ts';
import { smtpDoor } from './doors/smtp.ts';
import { socketsDoor } from './doors/sockets.ts';
import { webhooksDoor } from './doors/webhooks.ts';
import { wordsDoor } from './doors/words.ts';

/** Every door, in the order in which a run goes through them. */
export const DOORS: readonly Fuzzable[] = [
  fuzzable(chatDoor),
  fuzzable(relayDoor),
  fuzzable(mimeDoor),
  fuzzable(wordsDoor),
  fuzzable(recordsDoor),
  fuzzable(logFileDoor),
  fuzzable(actionsDoor),
  fuzzable(apiDoor),
  fuzzable(webhooksDoor),
  fuzzable(smtpDoor),
  fuzzable(socketsDoor),
];
