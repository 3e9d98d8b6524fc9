// Once without a mouse: every step by keys alone, and the focus always somewhere that can be seen.
import type { Page } from '@playwright/test';
import { expect, test } from './town';

/** Tabs until something is focused, at most so often; the focus must be visible at each stop. */
async function tabTo(page: Page, selector: string, most = 80) {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate((wanted) => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return { there: false, seen: true };
      const style = getComputedStyle(focused);
      const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      return { there: focused.matches(wanted), seen };
    }, selector);
    expect(here.seen, 'the focus is visible').toBe(true);
    if (here.there) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

test('a notice is written and submitted without a mouse', async ({ as, words }) => {
  const page = await as('author');
  await page.goto('/desk/');
  await expect(page.locator('h1').first()).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: words('frame_skip') })).toBeFocused();
  await page.goto('/desk/posts/new');
  await expect(page.locator('#title-es')).toBeVisible();
  await tabTo(page, '#title-es');
  await page.keyboard.type('Corte de agua');
  await tabTo(page, '#text-es');
  await page.keyboard.type('Mañana no hay agua en la calle Mayor.');
  // The English version is not wanted: the second chip of the noticeboard.
  await tabTo(page, '.variant + .variant .toggle');
  await page.keyboard.press('Space');
  await expect(page.locator('.toggle[aria-pressed="true"]')).toHaveCount(1);
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await tabTo(page, '.compose-finish button');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
  await expect(page.getByText(words('post_next_review'))).toBeVisible();
});
