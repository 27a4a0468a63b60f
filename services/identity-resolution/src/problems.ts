import type { Problem } from '@throughline/http/problem';
import { IMPORT_MEDIA_TYPE } from './requests.ts';

/** What the operators' API of customers may refuse with; docs/problems.md explains each. */

export const CUSTOMER_UNKNOWN: Problem = {
  status: 404,
  code: 'customer-unknown',
  title: 'There is no such customer.',
  detail: 'Check the id; customers are found by GET /api/customers?identifier=.',
};
export const IDENTIFIER_NEEDED: Problem = {
  status: 400,
  code: 'identifier-needed',
  title: 'Say whom to look for.',
  detail: 'Give ?identifier= with an e-mail address or a phone number, such as +14155550100.',
};
export const NDJSON_NEEDED: Problem = {
  status: 415,
  code: 'ndjson-needed',
  title: 'An import is one JSON object a line.',
  detail: `Send it with Content-Type: ${IMPORT_MEDIA_TYPE}.`,
};
/** Sent with the line that was not answered. */
export const IMPORT_STALLED: Problem = { status: 503, code: 'import-stalled', title: 'The import was not finished.' };
