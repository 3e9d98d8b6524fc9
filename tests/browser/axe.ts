// What axe finds on a page as it stands, a line each; nothing is what every page must come to.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** WCAG 2.2 AA, and what axe holds for good practice besides. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** How a page is looked at. */
interface Look {
  /** Colours only: for a second theme, of which nothing else is more than style. */
  colours?: boolean;
  /** Only what this selects. */
  within?: string;
}

/** The screen is made as tall as the page meanwhile: axe scrolls to what it measures, and would judge letters that lie
 *  half under a head or a bar that stays in place by the colour and the size of that bar. */
export async function findings(page: Page, { colours = false, within }: Look = {}): Promise<string[]> {
  const screen = page.viewportSize()!;
  await tall(page, screen);
  let axe = new AxeBuilder({ page });
  axe = colours ? axe.withRules(['color-contrast']) : axe.withTags(RULES);
  if (within !== undefined) axe = axe.include(within);
  const { violations } = await axe.analyze();
  await page.setViewportSize(screen);
  return violations.map((one) => `${one.id}: ${one.help} (${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')})`);
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
