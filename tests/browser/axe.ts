// What axe finds on a page as it stands, a line each; nothing is what every page must come to.
import { expect, type Page } from '@playwright/test';
import { source } from 'axe-core';
import { unanswered } from './answers';

/** WCAG 2.2 AA, and what axe holds for good practice besides. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What stands there while something comes. */
const COMING = '.skeleton, [aria-busy="true"]';

/** How a page is looked at. */
interface Look {
  /** Colours only: for a second theme, of which nothing else is more than style. */
  colours?: boolean;
  /** Only what this selects. */
  within?: string;
}

/** Waits until a page has all that it asked for and has drawn it: no shape of what comes, no question without an answer, letters and
 *  pictures there, twice in a row. That nothing has been asked for a while says none of that: a program may be compiled meanwhile. */
export async function settled(page: Page, coming = COMING) {
  await expect(page.locator('h1, h2').first()).toBeVisible();
  let quiet = 0;
  const look = async () => {
    const shapes = await page.evaluate(async (coming) => {
      await document.fonts.ready;
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const pictures = [...document.images].filter((one) => !one.complete && one.loading !== 'lazy');
      return [...document.querySelectorAll(coming), ...pictures].map((one) => one.outerHTML.slice(0, 120));
    }, coming);
    const rest = [...shapes, ...unanswered(page)];
    quiet = rest.length === 0 ? quiet + 1 : 0;
    return rest.length === 0 && quiet < 2 ? ['a second look'] : rest;
  };
  await expect.poll(look, { message: 'what is still to come', intervals: [60] }).toEqual([]);
}

/** The screen is made as tall as the page meanwhile: axe scrolls to what it measures, and would judge letters that lie
 *  half under a head or a bar that stays in place by the colour and the size of that bar. */
export async function findings(page: Page, { colours = false, within }: Look = {}): Promise<string[]> {
  const screen = page.viewportSize()!;
  await tall(page, screen);
  // By the debugger's door: no policy of a page has to be loosened. Once a document.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const runOnly = colours ? { type: 'rule', values: ['color-contrast'] } : { type: 'tag', values: RULES };
  const found = await page.evaluate(async ({ within, runOnly }): Promise<string[]> => {
    // Only what is wrong is described, and brought back.
    const { violations } = await (window as any).axe.run(within ?? document, { runOnly, resultTypes: ['violations'] });
    const told = (nodes: { html: string }[]) => nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ');
    return violations.map((one: any) => `${one.id}: ${one.help} (${told(one.nodes)})`);
  }, { within, runOnly });
  await page.setViewportSize(screen);
  return found;
}

/** A second time, for what is as tall as the screen allows grows with it. */
async function tall(page: Page, screen: { width: number; height: number }) {
  for (let time = 0; time < 2; time++) {
    const needed = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: screen.width, height: Math.min(Math.max(needed, screen.height), 20_000) });
  }
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** How many pixels the page is wider than its screen. */
export const over = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
