import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Ran, runCommand } from './command.ts';

interface Answer {
  readonly status?: number;
  readonly body: object;
}

describe('the command line, over what an API answers', () => {
  let directory: string;
  let server: Server;
  let answer: (url: URL, body: string) => Answer;
  let run: (words: readonly string[]) => Promise<Ran>;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'throughline-'));
    server = createServer(async (request, response) => {
      let body = '';
      for await (const piece of request.setEncoding('utf8')) body += piece;
      const { status = 200, body: answered } = answer(new URL(request.url ?? '/', 'http://mesh'), body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answered));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    run = (words) => runCommand({ mesh: { url }, directory }, [...words, '--token', 'any']);
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true });
  });

  describe('shows a case', () => {
    const ENTRIES = 620;
    beforeEach(() => {
      answer = ({ pathname, searchParams }) => {
        if (!pathname.endsWith('/thread')) return { body: { caseId: 'case_1', version: ENTRIES } };
        const from = Number(searchParams.get('cursor') ?? 0);
        const count = Math.min(Number(searchParams.get('limit')), ENTRIES - from);
        const items = Array.from({ length: count }, (_, index) => ({ number: from + index + 1, type: 'TurnTaken' }));
        const end = from + count;
        return { body: { items, next: end < ENTRIES ? String(end) : null } };
      };
    });

    it('to the newest entry of a thread of several pages', async () => {
      const { code, stdout } = await run(['case', 'show', 'case_1']);
      expect([code, stdout.trim().split('\n').at(-1)]).to.deep.equal([0, `${ENTRIES}         TurnTaken`]);
    });

    it('as one thread in JSON', async () => {
      const { thread } = JSON.parse((await run(['case', 'show', 'case_1', '--json'])).stdout);
      expect(thread.items.map(({ number }: { number: number }) => number)).to.deep.equal(
        Array.from({ length: ENTRIES }, (_, index) => index + 1),
      );
      expect(thread.next).to.equal(null);
    });
  });
});
