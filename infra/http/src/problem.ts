import type { ErrorRequestHandler, Response } from 'express';

/** RFC 9457. `code` is the last segment of `type`, under which docs/problems.md explains it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
}

export const TYPE_BASE = 'https://throughline.invalid/problems/';

export interface ProblemBody extends Problem {
  readonly type: string;
}

/** The document for a problem: what a person reads and a program branches on. Never holds protected values. */
export const problemBody = (problem: Problem): ProblemBody => ({
  type: `${TYPE_BASE}${problem.code}`,
  title: problem.title,
  status: problem.status,
  ...(problem.detail === undefined ? {} : { detail: problem.detail }),
  code: problem.code,
});

export function sendProblem(response: Response, problem: Problem): void {
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem)));
}

/** Turns what a handler or a body parser threw into a problem. What is unexpected is told without its message: it may hold anything. */
export const problemsForErrors =
  (report: (error: unknown) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, _next) => {
    const thrown = (typeof error === 'object' && error !== null ? error : {}) as { status?: unknown; type?: unknown };
    if (thrown.type === 'entity.too.large') {
      sendProblem(response, TOO_LARGE);
    } else if (thrown.type === 'entity.parse.failed') {
      sendProblem(response, MALFORMED_JSON);
    } else if (typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500) {
      sendProblem(response, { ...BAD_REQUEST, status: thrown.status });
    } else {
      report(error);
      sendProblem(response, INTERNAL);
    }
  };

export const TOO_LARGE: Problem = { status: 413, code: 'too-large', title: 'The request body is too large.' };
export const MALFORMED_JSON: Problem = {
  status: 400,
  code: 'malformed-json',
  title: 'The request body is not valid JSON.',
};
/** It may come with any status from 400 to 499. */
export const BAD_REQUEST: Problem = { status: 400, code: 'bad-request', title: 'The request cannot be understood.' };
export const INTERNAL: Problem = {
  status: 500,
  code: 'internal',
  title: 'Something went wrong here; the request may be sent again.',
};
/** What stands in front of the services cannot reach the one that is asked. */
export const SERVICE_AWAY: Problem = {
  status: 503,
  code: 'service-away',
  title: 'The service does not answer.',
  detail: 'Try again in a moment; /readyz says which services are missing.',
};
export const NO_SUCH_PAGE: Problem = {
  status: 404,
  code: 'no-such-page',
  title: 'There is nothing here.',
  detail: 'Chat is at /chat, the operators at /api.',
};
