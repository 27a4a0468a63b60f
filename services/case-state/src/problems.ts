import type { Problem } from '@throughline/http/problem';

/** What the operators' API of cases may refuse with; docs/problems.md explains each. */

/** Sent with the names of the members that are wrong. */
export const BAD_QUERY: Problem = { status: 400, code: 'bad-query', title: 'The query cannot be understood.' };
export const CASE_UNKNOWN: Problem = {
  status: 404,
  code: 'case-unknown',
  title: 'There is no such case.',
  detail: 'Check the id, or try again in a moment if the case is new.',
};
export const LOOK_UNANSWERED: Problem = {
  status: 503,
  code: 'look-unanswered',
  title: 'The case did not answer in time.',
  detail: 'Try again in a moment.',
};
export const CONTACT_UNKNOWN: Problem = {
  status: 404,
  code: 'contact-unknown',
  title: 'There is no such contact.',
};
export const ACTION_UNKNOWN: Problem = {
  status: 404,
  code: 'action-unknown',
  title: 'There is no such action.',
  detail: 'Use the id that came as Idempotency-Key.',
};
export const BAD_RESULT: Problem = {
  status: 400,
  code: 'bad-result',
  title: 'The result cannot be understood.',
  detail:
    'Send the JSON object that the action would have answered with; "status" and "note" are texts, and it is at most 32 levels deep.',
};
