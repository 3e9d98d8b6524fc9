// What a page has asked and not been answered yet: what its drawing, and time on its clock, wait for.
import type { Page, Request } from '@playwright/test';

const ways = new WeakMap<Page, Set<Request>>();
/** What a page is drawn from. Not films, which come for as long as they are looked at. */
const KINDS = ['fetch', 'xhr', 'script'];

/** Begins to note what a page asks. Before it goes anywhere. */
export function noted(page: Page) {
  const way = new Set<Request>();
  ways.set(page, way);
  page.on('request', (one) => {
    // Of what the page before asked nobody waits for the answer.
    if (one.isNavigationRequest()) way.clear();
    else if (KINDS.includes(one.resourceType())) way.add(one);
  });
  page.on('requestfinished', (one) => void way.delete(one));
  page.on('requestfailed', (one) => void way.delete(one));
}

/** The addresses that have not answered. */
export function unanswered(page: Page): string[] {
  const way = ways.get(page);
  if (!way) throw new Error('nobody noted what this page asks');
  return [...way].map((one) => one.url());
}
