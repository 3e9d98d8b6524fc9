// What an open desk asks by itself: one question, more and more seldom, and the rest only when something has moved. Whoever
// writes in a post is seen by the others, and no longer once they have left.
import type { Page } from '@playwright/test';
import { pass } from './clock';
import { ask, expect, newId, session, test, type Town } from './town';

const of = (town: Town, role: string) => town.members.find(([name]) => name === role)![1];

function notice(town: Town) {
  return { kind: 'routine', titles: { es: 'Fiestas' }, texts: { es: 'En agosto.' }, targets: [{ channel: town.noticeboard, languages: ['es'] }] };
}

/** Everything that a page asks of the engine from now on. */
function heard(page: Page): string[] {
  const all: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/api/')) all.push(pathname + search);
  });
  return all;
}

/** A clock of the page's own. Its timers have names beyond 32 bits, which a program in WebAssembly cannot say when it clears one. */
async function standing(page: Page) {
  await page.clock.install();
  await page.addInitScript(() => {
    const [set, clear, names] = [window.setTimeout.bind(window), window.clearTimeout.bind(window), [0]];
    window.setTimeout = ((...what: Parameters<typeof set>) => names.push(set(...what) as unknown as number) - 1) as typeof setTimeout;
    window.clearTimeout = (name) => clear(names[name as number]);
  });
}

/** The tab is hidden behind another one, or seen again. */
async function hide(page: Page, hidden: boolean) {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, hidden);
}

test('an open post asks one thing, more and more seldom, and nothing while nobody sees it', async ({ as, town, words, request, baseURL }) => {
  const mayor = await session(request, baseURL!, of(town, 'approver'));
  const author = await session(request, baseURL!, of(town, 'author'));
  const id = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content: notice(town) });
  const page = await as('author');
  await standing(page);
  await page.goto(`/desk/posts/${id}`);
  const house = page.locator('.thread[data-thread="internal"]');
  await expect(house.getByText(words('comments_internal_hint'))).toBeVisible();
  await expect(page.getByText(words('post_next_draft'))).toBeVisible();

  // Ten minutes in which nobody does anything. By itself it asked 120 times in as long, when every part of it asked for itself.
  const all = heard(page);
  await pass(page, 540);
  const pulses = () => all.filter((address) => address.startsWith('/api/pulse'));
  expect(pulses().length).toBeGreaterThanOrEqual(5);
  expect(pulses().length).toBeLessThanOrEqual(10);
  expect(pulses().every((address) => address === `/api/pulse?post=${id}`)).toBe(true);
  // What was read before the first answer is read once more.
  const others = all.filter((address) => !address.startsWith('/api/pulse'));
  expect(others.length, others.join('\n')).toBeLessThanOrEqual(6);

  // A colleague says something. Whoever comes back to the keyboard sees it within half a minute, and keeps their place.
  const write = house.getByRole('button', { name: words('comments_write'), exact: true });
  const remark = { audience: 'internal', anchor: { anchor: 'post' }, text: '¿Con qué banda?' };
  await ask(request, baseURL!, mayor, 'PUT', `/api/posts/${id}/threads/internal/${newId()}`, { remark });
  await write.focus();
  await page.keyboard.press('Shift');
  await pass(page, 35);
  await expect(house.getByText('¿Con qué banda?')).toBeVisible();
  await expect(write).toBeFocused();

  // Ten minutes of somebody who does something all of the time are twenty questions, and one or two after what was said.
  all.length = 0;
  for (let minute = 0; minute < 10; minute += 1) {
    await page.keyboard.press('Shift');
    await pass(page, 30);
    await page.keyboard.press('Shift');
    await pass(page, 30);
  }
  expect(pulses().length).toBeGreaterThanOrEqual(15);
  expect(pulses().length).toBeLessThanOrEqual(26);

  await hide(page, true);
  await pass(page, 10);
  all.length = 0;
  await pass(page, 300);
  expect(all, 'a tab that nobody sees').toEqual([]);
  await hide(page, false);
  await pass(page, 5);
  await expect.poll(() => pulses().length).toBe(1);
});

test('home and the calendar read again only when something has moved', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, of(town, 'author'));
  for (const address of ['/desk/', '/desk/calendar']) {
    const page = await as('approver');
    await standing(page);
    await page.goto(address);
    await expect(page.locator('main h1').first()).toBeVisible();
    await pass(page, 70);
    const all = heard(page);
    await pass(page, 300);
    const rest = all.filter((asked) => asked !== '/api/pulse');
    expect(rest, `${address} asks for what has not moved`).toEqual([]);
    expect(all.length).toBeLessThanOrEqual(6);
    // Somebody writes one, and sends it.
    const id = newId();
    await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content: notice(town) });
    await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });
    await page.keyboard.press('Shift');
    await pass(page, 35);
    await expect.poll(() => all.filter((asked) => asked !== '/api/pulse').length).toBeGreaterThan(0);
    if (address === '/desk/') {
      await expect(page.getByRole('heading', { name: words('home_to_decide') })).toBeVisible();
    }
    await page.close();
  }
});

test('whoever leaves a post is no longer seen in it', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, of(town, 'author'));
  const id = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content: notice(town) });
  const theirs = await as('administrator');
  await theirs.goto(`/desk/posts/${id}/edit`);
  await expect(theirs.locator('#text-es')).toHaveValue('En agosto.');
  const mine = await as('author');
  await mine.clock.install();
  await mine.goto(`/desk/posts/${id}/edit`);
  const seen = mine.getByText(words('compose_others', { names: '' }).trim());
  await expect(seen).toBeVisible();
  await mine.locator('#text-es').focus();
  const leaving = theirs.waitForRequest((request) => request.url().includes(`left=${id}`));
  await theirs.locator('nav.bar a[href="/desk/calendar"]').first().click();
  await (await leaving).response();
  await pass(mine, 35);
  await expect(seen).toHaveCount(0);
  await expect(mine.locator('#text-es')).toBeFocused();
});
