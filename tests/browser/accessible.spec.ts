// Every page, in every theme, without a single finding of axe (WCAG 2.2 AA), and nothing wider than its screen.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { approved, expect, test } from './town';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function examine(page: Page, where: string) {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const said = violations.map((one) => `${one.id}: ${one.help} (${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')})`);
  expect.soft(said, where).toEqual([]);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(over, `${where} is wider than its screen`).toBeLessThanOrEqual(0);
}

for (const theme of ['light', 'dark', 'contrast']) {
  test(`every page of the desk in ${theme}`, async ({ as, town, request, baseURL }) => {
    test.setTimeout(240_000);
    const post = await approved(request, baseURL!, town, 'Mañana no hay agua en la calle Mayor.');
    const page = await as('administrator');
    await page.addInitScript((name) => localStorage.setItem('pregon.theme', name), theme);
    const places = [
      '', 'calendar', `posts/${post}`, `posts/${post}/edit`, 'posts/new', 'approvals', 'tasks', 'tasks?view=all', 'tasks?view=report', 'record', 'channels', 'people', 'organisation', 'circuits', 'notices', 'notices?view=choices', 'devices',
      'nowhere',
    ];
    for (const place of places) {
      await page.goto(`/desk/${place}`);
      await expect(page.locator('h1').first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      await examine(page, `/desk/${place} in ${theme}`);
    }
    await page.context().clearCookies();
    for (const place of ['sign-in', 'join', 'recover', 'setup']) {
      await page.goto(`/desk/${place}`);
      await expect(page.locator('h1, h2').first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      await examine(page, `/desk/${place} in ${theme}`);
    }
  });
}

for (const colourScheme of ['light', 'dark'] as const) {
  test(`every public page in ${colourScheme}`, async ({ as, town, request, baseURL, words }) => {
    const post = await approved(request, baseURL!, town, 'Mañana no hay agua en la calle Mayor.');
    const author = await as('author', { colorScheme: colourScheme });
    await author.goto(`/desk/posts/${post}`);
    await author.getByRole('button', { name: words('post_release'), exact: true }).click();
    await author.getByRole('button', { name: words('post_release_do'), exact: true }).click();
    await expect.poll(async () => (await request.get(`/${town.slug}/posts/${post}`)).status(), { timeout: 30_000 }).toBe(200);
    for (const place of ['', `posts/${post}`, 'events', 'accounts', 'record', 'nothing-here']) {
      await author.goto(`/${town.slug}/${place}`);
      await examine(author, `/${place} in ${colourScheme}`);
    }
  });
}
