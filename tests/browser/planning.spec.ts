// The week is planned before the mayor has decided: in the calendar, by menu and date; agreed in time it is placed by
// itself, agreed too late it is held, and everybody is told.
import { findings } from './axe';
import { approved, ask, expect, many, newId, session, test } from './town';

/** So many hours from now on the wall of Madrid, as a date field writes it. */
function wall(hours: number): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Madrid', dateStyle: 'short', timeStyle: 'short' });
  return parts.format(new Date(Date.now() + hours * 3_600_000)).replace(' ', 'T');
}

const notice = (channel: string, title: string) => ({
  kind: 'routine',
  titles: { es: title, en: title },
  texts: { es: 'El mercado es el jueves por la mañana.', en: 'The market is on Thursday morning.' },
  targets: [{ channel, languages: ['es', 'en'] }],
});

test('a post is planned in the calendar, approved, and placed by itself', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL!, of('author'));
  const id = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content: notice(town.noticeboard, 'Mercado del jueves') });
  await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });

  const desk = await as('author');
  // The week that holds it: an hour before midnight on a Sunday it is the next one.
  const at = wall(1);
  await desk.goto(`/desk/calendar?week=${at.slice(0, 10)}`);
  const tray = desk.getByRole('complementary', { name: words('calendar_tray') });
  await expect(tray.getByRole('heading', { name: words('plan_tray') })).toBeVisible();
  await tray.getByRole('button', { name: words('calendar_menu').replace('{heading}', 'Mercado del jueves') }).click();
  await desk.getByRole('button', { name: words('plan_place'), exact: true }).click();
  await desk.getByLabel(words('calendar_place_when')).fill(at);
  await desk.getByRole('button', { name: words('plan_place_do'), exact: true }).click();
  const slip = desk.locator('.day .slip', { hasText: 'Mercado del jueves' });
  await expect(slip).toHaveClass(/slip-planned/);
  await expect(slip).toContainText(words('plan_chip'));
  expect(await findings(desk)).toEqual([]);

  const mayor = await as('approver', { viewport: { width: 390, height: 844 } });
  await mayor.goto('/desk/approvals');
  await expect(mayor.locator('.planned-slot')).toContainText(words('plan_would').split('{when}')[0].trim());
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  await desk.reload();
  await expect(slip).not.toHaveClass(/slip-planned/);
  await expect(slip).toContainText(words('stage_placed'));
});

test('who will have to agree is said while one writes, and a margin is kept', async ({ as, words }) => {
  const desk = await as('author');
  await desk.goto('/desk/posts/new');
  await desk.locator('#title-es').fill('Mercado del jueves');
  await desk.locator('#text-es').fill('El mercado es el jueves por la mañana.');
  const part = desk.getByRole('region', { name: words('plan_agreeing_title') });
  await expect(part.locator('.agreeing-steps li')).toHaveCount(1);
  await expect(part).toContainText(words('plan_agreeing_no_deadline'));
  await part.getByRole('button', { name: words('plan_place'), exact: true }).click();
  await desk.getByLabel(words('calendar_place_when')).fill(wall(2));
  await desk.getByRole('button', { name: words('plan_place_do'), exact: true }).click();
  await expect(part.getByRole('button', { name: words('plan_remove'), exact: true })).toBeVisible();
  await part.getByLabel(words('plan_agreeing_only'), { exact: true }).selectOption('day');
  await part.getByRole('button', { name: words('plan_agreeing_only_do'), exact: true }).click();
  await expect(desk.getByText(words('plan_agreeing_only_kept'))).toBeVisible();
  await desk.reload();
  await expect(part.getByLabel(words('plan_agreeing_only'), { exact: true })).toHaveValue('day');
  expect(await findings(desk)).toEqual([]);
});

test('what is agreed too late is held, and the post, the home page and the calendar say so', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL!, of('author'));
  const mayor = await session(request, baseURL!, of('approver'));
  const id = newId();
  const path = `/api/posts/${id}`;
  await ask(request, baseURL!, author, 'PUT', path, { version: 0, content: notice(town.noticeboard, 'Mercado de ayer') });
  // The hour is over while it waits: a few seconds are enough, and no clock has to be moved.
  const soon = new Date(Date.now() + 3_000);
  const civil = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Madrid', dateStyle: 'short', timeStyle: 'medium' }).format(soon).replace(' ', 'T');
  await ask(request, baseURL!, author, 'PUT', `${path}/slot`, { version: 1, civil });
  const waiting = await ask(request, baseURL!, author, 'POST', `${path}/submissions`, { version: 2 });
  while (Date.now() < soon.getTime() + 300) await new Promise((done) => setTimeout(done, 50));
  const held = await ask(request, baseURL!, mayor, 'POST', `${path}/decisions`, { content_hash: waiting.content_hash, choice: { decision: 'approve' } });
  expect([held.post.stage.stage, held.post.plan.why, held.publications.length]).toEqual(['approved', 'passed', 0]);

  const desk = await as('author');
  const said = words('plan_missed_passed').split('{when}')[0].trim();
  await desk.goto(`/desk/posts/${id}`);
  await expect(desk.locator('.notice', { hasText: said })).toBeVisible();
  await desk.goto('/desk/');
  await expect(desk.locator('.home-why', { hasText: said })).toBeVisible();
  await desk.goto('/desk/calendar');
  await expect(desk.locator('.tray .slip-missed')).toContainText(said);
});

test('what can be placed stands in the tray before a hundred drafts, and the rest can be seen', async ({ as, town, words, request, baseURL }) => {
  await approved(request, baseURL!, town, 'El martes se corta el agua.');
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  await many(102, (n) => ask(request, baseURL!, author, 'PUT', `/api/posts/${newId()}`, { version: 0, content: notice(town.noticeboard, `Borrador ${n}`) }));
  const desk = await as('author');
  await desk.goto('/desk/calendar');
  const tray = desk.getByRole('complementary', { name: words('calendar_tray') });
  await expect(tray.locator('.slip')).toHaveCount(100);
  // The first list is of what is agreed to.
  await expect(tray.locator('.tray-cards').first().locator('.slip')).toHaveCount(1);
  await expect(tray.locator('> .hint')).toContainText('3');
  await tray.getByRole('button', { name: words('general_show_more'), exact: true }).click();
  await expect(tray.locator('.slip')).toHaveCount(103);
  await expect(tray.getByRole('button', { name: words('general_show_more'), exact: true })).toHaveCount(0);
  await expect(desk.locator('#tray-title')).toBeFocused();
  expect(await findings(desk)).toEqual([]);
});
