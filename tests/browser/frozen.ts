// A desk whose clock stands still, on an engine whose clock goes on: the browser is told that it is always the same noon, and every
// answer is read to it with its days moved as far as that. So a picture of a page is the same tomorrow. What the engine was asked
// for by moments is asked for by real ones.
import { test, type Page } from '@playwright/test';

/** Noon in Madrid, on a Wednesday of a month without holidays, with the clocks of winter. */
export const NOW = Date.parse('2031-02-12T12:00:00+01:00');

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Further away than this nothing is moved: a zone's history is, and what is asked for by civil days of the frozen year. */
const FAR = 400 * DAY;
/** How Madrid is ahead of the moment itself on the frozen day, and around it. */
const WINTER = HOUR;

const day = (wall: number) => Math.floor(wall / DAY) * DAY;

/** What the wall shows in Madrid, as if it were UTC. */
function wall(moment: number): number {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Madrid', dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${parts.format(moment).replace(' ', 'T')}Z`);
}

/** The date in Madrid so many days from the real today, to put there what will be seen as many days from the frozen one. */
export const realDay = (days: number): string => new Date(day(wall(Date.now())) + days * DAY).toISOString().slice(0, 10);

/** Three minutes before midnight in Madrid it waits until it is over: what is put on its day now would be looked at from the next. */
export async function sameDay(): Promise<void> {
  const isLate = () => wall(Date.now()) % DAY >= DAY - 3 * 60_000;
  if (isLate()) test.slow();
  while (isLate()) await new Promise((done) => setTimeout(done, 1_000));
}

/** So far are the days apart. */
const apart = (): number => day(NOW + WINTER) - day(wall(Date.now()));

/** What happened just now happened at noon; anything else keeps its hour and moves its day. */
function moved(moment: number): number {
  return Math.abs(moment - Date.now()) < HOUR ? NOW : wall(moment) + apart() - WINTER;
}

/** An answer as the frozen desk is to read it. `slug` differs where a town of the same name was founded before. */
function told(value: unknown, slug: string, key = ''): unknown {
  // The clocks of a zone stay as they are.
  if (key === 'zone') return value;
  if (typeof value === 'number') return value > 1e12 && Math.abs(value - Date.now()) < FAR ? moved(value) : value;
  if (typeof value === 'string') {
    const civil = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2})?)?$/.exec(value);
    const at = civil ? Date.parse(`${civil[1]}T00:00:00Z`) : NaN;
    if (civil && Math.abs(at - Date.now()) < FAR) return new Date(at + apart()).toISOString().slice(0, 10) + (civil[2] ?? '');
    return value.replaceAll(slug, 'villaserena');
  }
  if (Array.isArray(value)) {
    const all = value.map((one) => told(one, slug));
    // Who was founded in one moment stands in the order of chance.
    const people = all.length > 1 && all.every((one) => typeof one?.name === 'string' && typeof one?.role === 'string');
    return people ? all.sort((one, other) => one.role.localeCompare(other.role, 'en')) : all;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, told(inside, slug, name)]));
}

/** Stops the clock of a page, from its next address on. */
export async function freeze(page: Page, slug: string): Promise<void> {
  await page.clock.setFixedTime(NOW);
  await page.route('**/api/**', async (route) => {
    const asked = route.request();
    if (asked.method() !== 'GET') return route.continue();
    const real = (moment: string) => (Math.abs(+moment - NOW) < FAR ? String(+moment - apart()) : moment);
    const url = asked.url().replace(/(?<==)\d{13}\b/g, real);
    const jar = await page.context().cookies();
    // Said by hand: the cookie is `Secure`, and only a browser trusts localhost like https.
    const cookie = jar.map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await route.fetch({ url, headers: { ...asked.headers(), ...(cookie && { cookie }) } });
    const isJson = answer.headers()['content-type']?.includes('json') ?? false;
    if (!isJson) return route.fulfill({ response: answer });
    return route.fulfill({ response: answer, json: told(await answer.json(), slug) });
  });
}
