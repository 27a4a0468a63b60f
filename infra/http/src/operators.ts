import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { type Problem, sendProblem } from './problem.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets in whoever shows the operator token as a bearer; everybody else gets 401, in the same time. */
export function requireOperator(token: string): RequestHandler {
  const expected = digest(token);
  return (request, response, next) => {
    const [scheme = '', shown = ''] = (request.get('authorization') ?? '').split(' ');
    if (scheme.toLowerCase() === 'bearer' && timingSafeEqual(digest(shown), expected)) {
      next();
      return;
    }
    response.set('WWW-Authenticate', 'Bearer');
    sendProblem(response, OPERATOR_TOKEN_NEEDED);
  };
}

export const OPERATOR_TOKEN_NEEDED: Problem = {
  status: 401,
  code: 'operator-token-needed',
  title: 'This needs the operator token.',
  detail: 'Send it as "Authorization: Bearer <token>"; it is in the data directory.',
};
