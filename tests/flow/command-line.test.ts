import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  describe('imports a file of several requests', () => {
    const stalled: Answer = {
      status: 503,
      body: { title: 'The import was not finished.', detail: 'Line 57 was not answered in time. Send the file again.' },
    };
    const importing = async (failing: number, words: readonly string[] = []): Promise<Ran> => {
      let requests = 0;
      answer = (_url, body) => {
        requests += 1;
        if (requests === failing) return stalled;
        const errors = [{ line: 3, reason: 'no JSON' }];
        return { body: { accepted: body.split('\n').length - 1, changed: 2, unchanged: 0, rejected: 1, errors } };
      };
      const file = join(directory, 'customers.ndjson');
      writeFileSync(
        file,
        Array.from({ length: 500 }, (_, index) => JSON.stringify({ externalId: `c${index}` })).join('\n'),
      );
      return run(['customers', 'import', file, ...words]);
    };

    it('and where it stalls says at which line of the file, and what came of the lines before', async () => {
      const { code, stdout, stderr } = await importing(3);
      expect(code).to.equal(1);
      expect(stderr.trim()).to.equal(
        'The import was not finished. Line 457 was not answered in time. Send the file again. The counts are those of lines 1 to 400.',
      );
      expect(stdout.trim().split('\n')).to.deep.equal([
        '398 accepted (4 of them changed), 2 rejected',
        'line 3: no JSON',
        'line 203: no JSON',
      ]);
      expect(JSON.parse((await importing(3, ['--json'])).stdout)).to.include({ accepted: 398, rejected: 2 });
    });

    it('and where it stalls at the first request says that alone', async () => {
      const { code, stdout, stderr } = await importing(1);
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(stderr.trim()).to.equal(
        'The import was not finished. Line 57 was not answered in time. Send the file again.',
      );
    });
  });
});
