import { type Fuzzable, fuzzable } from './door.ts';
import { actionsDoor } from './doors/actions.ts';
import { chatDoor } from './doors/chat.ts';
import { logFileDoor } from './doors/log-file.ts';
import { mimeDoor } from './doors/mime.ts';
import { recordsDoor } from './doors/records.ts';

/** Every door, in the order in which a run goes through them. */
export const DOORS: readonly Fuzzable[] = [
  fuzzable(chatDoor),
  fuzzable(mimeDoor),
  fuzzable(recordsDoor),
  fuzzable(logFileDoor),
  fuzzable(actionsDoor),
];
