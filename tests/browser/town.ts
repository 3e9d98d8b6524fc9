// A town of one's own for each journey, founded through the test doors, and its people, each in a browser of their own.
import { test as base, expect, type APIRequestContext, type Browser, type BrowserContext, type BrowserContextOptions, type Page, type TestInfo } from '@playwright/test';
import { noted } from './answers';
import { wordsOf, type Words } from './words';

export interface Town {
  organisation: string;
  slug: string;
  members: [string, string][];
  noticeboard: string;
}

interface Fixtures {
  words: Words;
  town: Town;
  /** Opens the desk as the member of a role, in a browser context of their own. */
  as: (role: string, options?: BrowserContextOptions) => Promise<Page>;
}

const headers = (baseURL: string) => ({ origin: baseURL, 'x-pregon': '1' });

/** Signs a member in; answers the secret of the session. */
export async function session(request: APIRequestContext, baseURL: string, member: string): Promise<string> {
  const answer = await request.post('/api/rehearsal/sign-in', { headers: headers(baseURL), data: { member } });
  expect(answer.ok(), await answer.text()).toBe(true);
  const cookie = /__Host-pregon=([^;]+)/.exec(answer.headers()['set-cookie'] ?? '');
  expect(cookie).not.toBeNull();
  return cookie![1];
}

/** Asks the engine as a member, past the desk: to prepare what a journey is not about. */
export async function ask(request: APIRequestContext, baseURL: string, secret: string, method: string, path: string, data?: unknown) {
  const cookie = `__Host-pregon=${secret}`;
  const answer = await request.fetch(path, { method, headers: { ...headers(baseURL), cookie }, data });
  expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
  return answer.json();
}

/** Does the same so many times, eight at once: to prepare many of what a journey is not about, in whatever order. */
export async function many(count: number, make: (n: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += 8) {
    await Promise.all(Array.from({ length: Math.min(8, count - from) }, (_, n) => make(from + n)));
  }
}

/** A post that went through approval, written past the desk. */
export async function approved(request: APIRequestContext, baseURL: string, town: Town, text: string): Promise<string> {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL, of('author'));
  const mayor = await session(request, baseURL, of('approver'));
  const id = newId();
  const content = {
    kind: 'routine',
    titles: { es: 'Corte de agua', en: 'Water cut' },
    texts: { es: text, en: text },
    targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }],
  };
  await ask(request, baseURL, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
  const waiting = await ask(request, baseURL, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });
  const choice = { decision: 'approve' };
  await ask(request, baseURL, mayor, 'POST', `/api/posts/${id}/decisions`, { content_hash: waiting.content_hash, choice });
  return id;
}

/** 26 characters of Crockford's alphabet, as the desk draws them. */
export function newId(): string {
  const letters = Array.from({ length: 25 }, () => '0123456789abcdefghjkmnpqrstvwxyz'[Math.floor(Math.random() * 32)]);
  return `0${letters.join('')}`;
}

/** The desk speaks Spanish until somebody chose otherwise: this person chose the language of their browser. */
export async function chooseLanguage(context: BrowserContext, locale: string | undefined): Promise<void> {
  await context.addInitScript((tag) => {
    // A page of another origin, or none yet, has no storage to speak of.
    try {
      localStorage.getItem('pregon.lang') ?? localStorage.setItem('pregon.lang', tag);
    } catch {}
  }, (locale ?? 'es').slice(0, 2));
}

/** Opens a page as a member. */
export async function open(browser: Browser, request: APIRequestContext, baseURL: string, member: string, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...options, baseURL });
  await chooseLanguage(context, options.locale);
  const value = await session(request, baseURL, member);
  // The cookie is `Secure`, and a browser trusts localhost like https.
  await context.addCookies([{ name: '__Host-pregon', value, url: baseURL.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Lax' }]);
  const page = await context.newPage();
  noted(page);
  return page;
}

export const test = base.extend<Fixtures>({
  words: async ({ locale }, use) => use(wordsOf(locale)),
  context: async ({ context, locale }, use) => {
    await chooseLanguage(context, locale);
    await use(context);
  },
  page: async ({ page }, use) => {
    noted(page);
    await use(page);
  },
  town: async ({ request, baseURL }, use, info) => {
    const name = `Villa ${info.title.slice(0, 30)}`;
    const answer = await request.post('/api/rehearsal/organisations', { headers: headers(baseURL!), data: { name } });
    expect(answer.ok(), await answer.text()).toBe(true);
    await use(await answer.json());
  },
  as: async ({ browser, request, baseURL, town, viewport, isMobile, hasTouch, locale, timezoneId }, use) => {
    const pages: Page[] = [];
    await use(async (role, options = {}) => {
      const member = town.members.find(([name]) => name === role)![1];
      const own = { viewport, isMobile, hasTouch, locale, timezoneId, ...options };
      const page = await open(browser, request, baseURL!, member, own);
      pages.push(page);
      return page;
    });
    await Promise.all(pages.map((page) => page.context().close()));
  },
});

const began = new WeakMap<TestInfo, number>();

/** The date in Madrid so many days from now: from when the journey first asked, for midnight may pass meanwhile. */
export function day(days: number): string {
  const journey = test.info();
  const now = began.get(journey) ?? Date.now();
  began.set(journey, now);
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Madrid', dateStyle: 'short' }).format(now + days * 86_400_000);
}

/** What the wall shows in Madrid now, as a date field writes it: the next minute if this one is nearly over, for by the
 *  time it is sent it would be the past. */
export function wallNow(): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Madrid', dateStyle: 'short', timeStyle: 'short' });
  return parts.format(new Date(Date.now() + 10_000)).replace(' ', 'T');
}

export { expect };
