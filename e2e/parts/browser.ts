import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { installMissing } from './apt';

/** What a Chromium may be called; the first is Debian's. */
const PROGRAMS = ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser'] as const;

/**
 * A browser: one that is there, or Debian's, which is installed. Without one the answer is nothing, and cases that need it are skipped; with `CI` set
 * that is an error.
 */
export async function installBrowser(): Promise<string | undefined> {
  try {
    await installMissing(() => found() !== undefined ? [] : ['chromium']);
  } catch (error) {
    if (process.env.CI) {
      throw error;
    }
    console.log(`no browser: ${(error as Error).message}`);
  }
  const program = found();
  if (program === undefined && process.env.CI) {
    throw new Error(`none of the browsers ${PROGRAMS.join(', ')} is there after installation; install one of them`);
  }
  return program;
}

function found(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return PROGRAMS.flatMap((program) => folders.map((folder) => path.join(folder, program))).find((file) => fs.existsSync(file));
}

/** Starts a browser that keeps everything it writes in a folder. It ends with the process that started it. */
export function startBrowser(program: string, folder: string): Promise<Browser> {
  fs.mkdirSync(folder, { recursive: true });
  return launch({
    executablePath: program,
    headless: true,
    // a pipe, not a port: when it is closed, however that comes about, the browser ends
    pipe: true,
    userDataDir: `${folder}/profile`,
    env: { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder },
    // root may not have a sandbox; memory of containers is small
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run'],
  });
}

/** A page with all it says and asks for. */
export interface Watched {
  readonly page: Page;
  /** Messages of the console, and errors that nobody caught. */
  readonly said: string[];
  /** URLs that were asked for. */
  readonly requests: string[];
}

/** Opens a page that is watched from the beginning. */
export async function watchedPage(browser: Browser): Promise<Watched> {
  const page = await browser.newPage();
  const [said, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${(error as Error).message}`));
  page.on('dialog', (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.setViewport({ width: 1400, height: 900 });
  return { page, said, requests };
}
