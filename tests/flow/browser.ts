import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where Linux distributions put it. */
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
export const hasChromium = CHROMIUM !== undefined;

const WITHIN_MS = 15_000;

type Look = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

/** A browser with nothing in it, that talks to nobody by itself. */
export async function openBrowser(look: Look = {}): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'throughline-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...look,
    executablePath: CHROMIUM ?? '',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
    ],
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Another site, with `html` on every page. */
export async function openSite(html: () => string): Promise<{ url: string; close(): void }> {
  const { server, port } = await listen(html);
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close().closeAllConnections() };
}

async function listen(html: () => string): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** What somebody at the widget sees and does; playwright looks into the shadow root. */
export class Visitor {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async says(text: string): Promise<void> {
    await this.page.getByLabel('Your message').fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Who said what, top to bottom, with the state of own turns. */
  turns(): Promise<readonly string[]> {
    return this.page
      .locator('throughline-chat li')
      .evaluateAll((items) =>
        items.map((item) =>
          [item.querySelector('b'), item.querySelector('.text'), item.querySelector('.state')]
            .flatMap((part) => (part?.textContent ? [part.textContent] : []))
            .join(' | '),
        ),
      );
  }

  /** The turns, once there are so many and all of them are sent. */
  async sees(count: number): Promise<readonly string[]> {
    const settled = this.page.locator('throughline-chat li:not(.waiting)');
    await settled.nth(count - 1).waitFor({ timeout: WITHIN_MS });
    return this.turns();
  }

  async isTold(sentence: RegExp): Promise<void> {
    await this.page
      .getByRole('status')
      .filter({ hasText: sentence })
      .waitFor({ state: 'attached', timeout: WITHIN_MS });
  }

  async status(): Promise<string> {
    return (await this.page.getByRole('status').textContent()) ?? '';
  }
}
