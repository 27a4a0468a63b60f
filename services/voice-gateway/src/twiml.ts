import twilio from 'twilio';
import { TRY_LATER } from './render.ts';

/** Connects the call to the relay. When the relay is over the carrier asks `actionUrl` what to do. */
export function connectRelay(options: {
  readonly relayUrl: string;
  readonly actionUrl: string;
  readonly parameters: Readonly<Record<string, string>>;
}): string {
  const response = new twilio.twiml.VoiceResponse();
  const relay = response
    .connect({ action: options.actionUrl })
    .conversationRelay({ url: options.relayUrl, dtmfDetection: true });
  for (const [name, value] of Object.entries(options.parameters)) relay.parameter({ name, value });
  return response.toString();
}

/** Says that the call cannot be taken, and hangs up. */
export function tryLater(): string {
  const response = new twilio.twiml.VoiceResponse();
  response.say(TRY_LATER);
  response.hangup();
  return response.toString();
}

/** The call is over. */
export function hangUp(): string {
  const response = new twilio.twiml.VoiceResponse();
  response.hangup();
  return response.toString();
}
