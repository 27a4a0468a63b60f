import type { ErrorRequestHandler, Response } from 'express';

/** RFC 9457. `code` is the last segment of `type`, under which docs/problems.md explains it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
}

const TYPE_BASE = 'https://throughline.invalid/problems/';

/** The document for a problem: what a person reads and a program branches on. Never holds protected values. */
export const problemBody = (problem: Problem): Record<string, unknown> => ({
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
      sendProblem(response, { status: 413, code: 'too-large', title: 'The request body is too large.' });
    } else if (thrown.type === 'entity.parse.failed') {
      sendProblem(response, { status: 400, code: 'malformed-json', title: 'The request body is not valid JSON.' });
    } else if (typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500) {
      sendProblem(response, { status: thrown.status, code: 'bad-request', title: 'The request cannot be understood.' });
    } else {
      report(error);
      sendProblem(response, {
        status: 500,
        code: 'internal',
        title: 'Something went wrong here; the request may be sent again.',
      });
    }
  };
