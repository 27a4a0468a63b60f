import type { Problem } from '@throughline/http/problem';

/** What the chat may refuse with over HTTP; docs/problems.md explains each. */

export const BAD_BODY: Problem = {
  status: 400,
  code: 'bad-session-request',
  title: 'This is not a request for a session.',
  detail: 'Send {}, {"hostToken"}, {"sessionToken"} or both.',
};
export const BAD_SESSION: Problem = {
  status: 401,
  code: 'session-token-invalid',
  title: 'The session token is not valid or has expired.',
  detail: 'Start a new session with an empty object.',
};
/** Opening the socket. */
export const NO_TOKEN: Problem = {
  status: 401,
  code: 'session-token-needed',
  title: 'The socket needs a session token.',
  detail: 'Offer the subprotocols throughline.v1 and token.<sessionToken>; POST /chat/sessions gives one.',
};
export const BAD_TOKEN: Problem = { ...BAD_SESSION, detail: 'Start a new session with POST /chat/sessions.' };
export const NO_PROTOCOL: Problem = {
  status: 400,
  code: 'subprotocol-needed',
  title: 'The socket speaks throughline.v1 only.',
  detail: 'Offer the subprotocols throughline.v1 and token.<sessionToken>.',
};

/** Host tokens. */
export const NOT_SET_UP: Problem = {
  status: 401,
  code: 'host-tokens-not-set-up',
  title: 'Host tokens are not set up here.',
  detail: 'Set THROUGHLINE_CHAT_HOST_SECRET to the secret that the host site signs with.',
};
export const EXPIRED: Problem = {
  status: 401,
  code: 'host-token-expired',
  title: 'The host token has expired.',
  detail: 'Have the host site sign a new one.',
};
export const TOO_LONG: Problem = {
  status: 401,
  code: 'host-token-too-long',
  title: 'The host token is valid for too long.',
  detail: 'Its exp may be at most 10 minutes away.',
};
export const FORGED: Problem = {
  status: 401,
  code: 'host-token-invalid',
  title: 'The host token is not valid.',
  detail: 'It must be a JWT signed with HS256 and the secret of this service, with sub and exp.',
};
