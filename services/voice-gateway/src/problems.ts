import type { Problem } from '@throughline/http/problem';

/** What calls may be refused with; docs/problems.md explains each. */

export const VOICE_NOT_CONFIGURED: Problem = {
  status: 403,
  code: 'voice-not-configured',
  title: 'Calls cannot be taken: the auth token of the carrier is missing.',
  detail: 'Set THROUGHLINE_TWILIO_AUTH_TOKEN to the auth token of your account and start again.',
};
export const NOT_SIGNED: Problem = {
  status: 403,
  code: 'not-signed',
  title: 'The X-Twilio-Signature does not fit this request.',
  detail: 'Check the auth token, and that THROUGHLINE_PUBLIC_URL is the address that the carrier calls.',
};
export const NOT_A_WEBHOOK: Problem = {
  status: 400,
  code: 'not-a-webhook',
  title: 'The form is not that of a voice webhook.',
  detail: 'Send the fields that the carrier documents, CallSid among them, each once.',
};
/** Opening the relay. */
export const CLOSING: Problem = {
  status: 503,
  code: 'closing',
  title: 'This gateway shuts down; connect again.',
};
