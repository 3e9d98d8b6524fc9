// A post that comes again: the market of every Saturday but one, each a draft of its own that the calendar shows; and those that say
// the same are approved as one thing.
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const DAY = 86_400_000;

/** The first Saturday that is at least eight days away on the wall of Madrid, and those after it. */
function saturdays(count: number): { begins: string; days: string[] } {
  const madrid = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Madrid', dateStyle: 'short' });
  const begins = madrid.format(new Date(Date.now() + 8 * DAY));
  const noon = new Date(`${begins}T12:00:00Z`);
  const first = noon.getTime() + ((6 - noon.getUTCDay() + 7) % 7) * DAY;
  return { begins, days: Array.from({ length: count }, (_, week) => new Date(first + week * 7 * DAY).toISOString().slice(0, 10)) };
}

test('the market of every Saturday, but for one', async ({ as, town, words, request, baseURL, locale }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const content = {
    kind: 'routine',
    titles: { es: 'Mercado semanal', en: 'Mercado semanal' },
    texts: { es: 'El mercado abre el {fecha}, de nueve a dos.', en: 'The market opens on {date}, from nine to two.' },
    targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }],
  };
  const source = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${source}`, { version: 0, content });
  const { begins, days } = saturdays(4);

  const desk = await as('author', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await desk.goto('/desk/calendar');
  await desk.getByRole('button', { name: words('calendar_menu', { heading: 'Mercado semanal' }), exact: true }).click();
  await desk.getByRole('button', { name: words('series_open'), exact: true }).click();
  const dialog = desk.getByRole('dialog', { name: words('series_title') });
  await expect(dialog).toContainText(words('series_dated', { blank: '{fecha}' }));

  await dialog.getByLabel(words('series_from'), { exact: true }).fill(begins);
  await dialog.getByLabel(words('series_hour'), { exact: true }).fill('09:00');
  await dialog.getByLabel(words('series_count'), { exact: true }).fill('4');
  const week = dialog.getByRole('group', { name: words('series_days'), exact: true });
  const weekday = new Intl.DateTimeFormat((locale ?? 'es').startsWith('en') ? 'en-GB' : 'es', { weekday: 'long', timeZone: 'UTC' });
  const saturday = weekday.format(new Date(`${days[0]}T12:00:00Z`));
  await week.getByRole('checkbox', { name: saturday, exact: true }).check();
  for (const box of await week.getByRole('checkbox').all()) {
    if (await box.isChecked()) {
      const name = await box.evaluate((box) => (box as HTMLInputElement).labels![0].textContent!.trim());
      if (name !== saturday) await box.uncheck();
    }
  }
  const lines = dialog.locator('.repeat-days > li');
  await expect(lines).toHaveCount(4);
  await expect(lines.first()).toContainText(saturday);
  await expect(lines.first()).toContainText('09:00');
  await expect(dialog.getByRole('button', { name: words('series_do_other', { n: '4' }), exact: true })).toBeEnabled();
  await lines.nth(1).getByRole('checkbox').uncheck();
  expect(await over(desk)).toBeLessThanOrEqual(0);
  expect(await findings(desk, { within: 'dialog[open]' })).toEqual([]);
  await dialog.getByRole('button', { name: words('series_do_other', { n: '3' }), exact: true }).click();
  await expect(dialog.getByText(words('series_done_other', { n: '3' }))).toBeVisible();
  await dialog.getByRole('link', { name: words('series_see'), exact: true }).click();
  await expect(desk).toHaveURL(/\/desk\/calendar\?week=/);
  await expect(dialog).toBeHidden();

  const slip = desk.locator('.day .slip', { hasText: 'Mercado semanal' });
  for (const [day, count] of [[days[0], 1], [days[1], 0], [days[2], 1], [days[3], 1]] as const) {
    await desk.goto(`/desk/calendar?week=${day}`);
    await expect(desk.locator(`.calendar-main [data-day="${day}"]`).first()).toBeVisible();
    await expect(slip).toHaveCount(count);
  }

  // Of one of them the page says which it is, and leads to the others.
  await slip.locator('.slip-heading').click();
  const series = desk.getByRole('region', { name: words('series_heading'), exact: true });
  await expect(series).toContainText(words('series_part', { number: '3', all: '3' }));
  await series.getByText(words('series_members'), { exact: true }).click();
  await expect(series.getByRole('link')).toHaveCount(3);
  expect(await findings(desk)).toEqual([]);
  const posts = (await ask(request, baseURL!, author, 'GET', '/api/posts')).items as { id: string; stage: string; slot: number | null }[];
  expect(posts.filter((post) => post.id !== source).every((post) => post.stage === 'draft' && post.slot !== null)).toBe(true);
  expect(posts.length).toBe(4);

  // All are sent, one of them with other words: whoever decides has two as one thing, and is told of the third.
  const of = posts.filter((post) => post.id !== source).sort((one, other) => one.slot! - other.slot!);
  for (const [place, { id }] of of.entries()) {
    let { post: { version, content } } = await ask(request, baseURL!, author, 'GET', `/api/posts/${id}`);
    if (place === 1) {
      content = { ...content, texts: { ...content.texts, es: 'El mercado no abre.', en: 'The market is closed.' } };
      ({ post: { version } } = await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version, content }));
    }
    await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version });
  }
  const mayor = await as('approver', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await mayor.goto('/desk/approvals');
  await expect(mayor.getByText(words('approvals_sheaf_count_other', { n: '2' }))).toBeVisible();
  const apart = mayor.getByRole('region', { name: words('approvals_sheaf_apart_one'), exact: true });
  await expect(apart).toContainText(words('approvals_sheaf_why_words'));
  await apart.getByText(words('approvals_sheaf_differs'), { exact: true }).click();
  await expect(apart.locator('ins').first()).toBeVisible();
  expect(await over(mayor)).toBeLessThanOrEqual(0);
  expect(await findings(mayor)).toEqual([]);

  // The network goes after the first: it says how far it came, and the same button goes on.
  let refuse = true;
  await mayor.route(`**/api/posts/${of[2].id}/decisions`, (route) => (refuse ? route.abort() : route.continue()));
  await mayor.getByRole('button', { name: words('approvals_sheaf_approve_other', { n: '2' }), exact: true }).click();
  await expect(mayor.getByText(words('approvals_sheaf_stopped_one', { done: '1' }))).toBeVisible();
  refuse = false;
  await mayor.getByRole('button', { name: words('approvals_sheaf_go_on_one'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_sheaf_done_other', { n: '2' }))).toBeVisible();
  const stages = async () => {
    const rows = (await ask(request, baseURL!, author, 'GET', '/api/posts')).items as { id: string; stage: string }[];
    return of.map(({ id }) => rows.find((row) => row.id === id)!.stage);
  };
  expect(await stages()).toEqual(['placed', 'in_review', 'placed']);
  // The one that says something else is decided on by itself.
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();
  expect(await stages()).toEqual(['placed', 'placed', 'placed']);
});
