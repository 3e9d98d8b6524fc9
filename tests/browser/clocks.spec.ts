// A second zone beside the town's: chosen on this device, told after the town's hour everywhere in the calendar, with its day
// where it is another, and right on the nights when clocks change. Nothing is placed by it.
import { findings, over } from './axe';
import { ask, day, expect, newId, session, test } from './town';

const MADRID = 'Europe/Madrid';

/** What a clock shows, by another's tables than ours. */
function wall(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** The instant at which the clock of Madrid shows this. */
function instant(civil: string): Date {
  const hours = [1, 2].map((hours) => new Date(Date.parse(`${civil}:00Z`) - hours * 3_600_000));
  return hours.find((at) => wall(MADRID, at) === civil.slice(11))!;
}

/** The last Sunday of a month of next year: clocks change that night. */
function lastSunday(month: number): string {
  const last = new Date(Date.UTC(new Date().getUTCFullYear() + 1, month, 0));
  last.setUTCDate(last.getUTCDate() - last.getUTCDay());
  return last.toISOString().slice(0, 10);
}

test('a second zone is told after the town’s, in every view and where one places, and stays until it is taken away', async ({ as, town, words, request, baseURL, locale }) => {
  const author = town.members.find(([name]) => name === 'author')![1];
  const cookie = await session(request, baseURL!, author);
  const tomorrow = day(1);
  const content = {
    kind: 'routine',
    titles: { es: 'Mercado de mañana', en: 'Mercado de mañana' },
    texts: { es: 'El mercado es por la mañana.', en: 'The market is in the morning.' },
    targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }],
  };
  const id = newId();
  await ask(request, baseURL!, cookie, 'PUT', `/api/posts/${id}`, { version: 0, content });
  await ask(request, baseURL!, cookie, 'PUT', `/api/posts/${id}/slot`, { version: 1, civil: `${tomorrow}T12:30:00` });

  const desk = await as('author');
  await desk.goto(`/desk/calendar?week=${tomorrow}`);
  const time = desk.locator('.calendar-main .slip-time');
  const there = desk.locator('.calendar-main .slip-top .slip-there');
  await expect(time).toHaveText('12:30');
  await expect(there).toHaveCount(0);
  const open = desk.getByRole('button', { name: words('clock_second'), exact: true });
  await open.click();
  await expect(open).toHaveAttribute('aria-expanded', 'true');
  const choice = desk.getByLabel(words('clock_choose'), { exact: true });
  await expect(choice).toHaveValue('');
  await choice.selectOption('Atlantic/Canary');
  const islands = `11:30 ${words('clock_canary')}`;
  await expect(there).toHaveText(islands);
  await expect(time).toHaveText('12:30');
  expect(await findings(desk)).toEqual([]);
  expect(await over(desk)).toBeLessThanOrEqual(0);

  // On paper it is read, and there is nothing to press.
  await desk.emulateMedia({ media: 'print' });
  await expect(there).toBeVisible();
  await expect(open).toBeHidden();
  await expect(choice).toBeHidden();
  await desk.emulateMedia({ media: null });

  // It survives, in every view, and before the choice is opened again.
  for (const view of ['lanes', 'list', 'day']) {
    await desk.goto(`/desk/calendar?${view}=${view === 'list' ? tomorrow.slice(0, 7) : tomorrow}`);
    await expect(there.first()).toHaveText(islands);
    await expect(there.first()).toBeVisible();
  }
  await expect(desk.locator(`[data-day="${tomorrow}T09:00"] .hour-name .slip-there`)).toHaveText(`08:00 ${words('clock_canary')}`);
  expect(await findings(desk)).toEqual([]);

  // Where one places, what is written is told too; and it is the town's hour that counts.
  await desk.locator('.calendar-main .slip-heading').focus();
  await desk.keyboard.press('m');
  const field = desk.getByLabel(words('calendar_place_when'));
  await expect(desk.locator('#place-zone')).toContainText(islands);
  await field.fill(`${tomorrow}T10:15`);
  await expect(desk.locator('#place-zone')).toContainText(`09:15 ${words('clock_canary')}`);
  const holes = desk.getByRole('group', { name: words('calendar_holes') }).getByRole('button');
  await expect(holes.first()).toContainText(words('clock_canary'));
  await desk.keyboard.press('Enter');
  await expect(desk.locator(`[data-day="${tomorrow}T10:00"] .slip-time`)).toHaveText('10:15');
  await expect(there).toHaveText(`09:15 ${words('clock_canary')}`);
  await expect(field).toBeHidden();

  // Any other by its name: with the day, where it is another.
  await choice.selectOption('other');
  const name = desk.getByLabel(words('entry_zone_name'), { exact: true });
  await name.fill('Mars/Olympus');
  await name.press('Enter');
  await expect(desk.getByText(words('refusal_unknown_zone_what'))).toBeVisible();
  await expect(there).toHaveText(`09:15 ${words('clock_canary')}`);
  await name.fill('Pacific/Kiritimati');
  await name.press('Enter');
  const kiritimati = wall('Pacific/Kiritimati', instant(`${tomorrow}T10:15`));
  await expect(there).toContainText(kiritimati);
  await expect(there).toContainText('Kiritimati');
  const late = desk.locator(`[data-day="${tomorrow}T23:00"] .hour-name .slip-there`);
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(new Date(`${day(2)}T12:00:00Z`));
  const clock = wall('Pacific/Kiritimati', instant(`${tomorrow}T23:00`));
  await expect(late).toHaveText(words('clock_other_day', { clock, day: weekday, name: 'Kiritimati' }));
  expect(await over(desk)).toBeLessThanOrEqual(0);

  // None again, for good.
  await desk.reload();
  await expect(there).toContainText('Kiritimati');
  await choice.selectOption('');
  await expect(there).toHaveCount(0);
  await desk.reload();
  await expect(time).toHaveText('10:15');
  await expect(open).toHaveAttribute('aria-expanded', 'false');
  await expect(there).toHaveCount(0);
});

test('on the nights when clocks change, each hour is told as both clocks show it', async ({ as, words }) => {
  const islands = words('clock_canary');
  const desk = await as('author');
  const [spring, autumn] = [lastSunday(3), lastSunday(10)];
  await desk.goto(`/desk/calendar?day=${spring}`);
  await desk.getByRole('button', { name: words('clock_second'), exact: true }).click();
  await desk.getByLabel(words('clock_choose'), { exact: true }).selectOption('Atlantic/Canary');
  const there = (hour: string) => desk.locator(`[data-day="${hour}"] .hour-name .slip-there`);
  await expect(there(`${spring}T01:00`)).toHaveText(`00:00 ${islands}`);
  await expect(there(`${spring}T00:00`)).toContainText('23:00');
  await expect(there(`${spring}T00:00`)).not.toHaveText(`23:00 ${islands}`);
  await expect(there(`${spring}T02:00`)).toHaveCount(0);
  await expect(there(`${spring}T03:00`)).toHaveText(`02:00 ${islands}`);
  // Both changes stand on the day.
  const changes = desk.locator('.day-mark[data-kind="clocks"]');
  await expect(changes).toHaveCount(2);
  await expect(changes.last()).toHaveText(words('clock_forward', { when: `02:00 ${islands}`, minutes: '60' }));

  await desk.goto(`/desk/calendar?day=${autumn}`);
  await expect(there(`${autumn}T02:00`)).toHaveText([`01:00 (UTC+01:00) ${islands}`, `01:00 (UTC+00:00) ${islands}`]);
  await expect(there(`${autumn}T03:00`)).toHaveText(`02:00 ${islands}`);
  await expect(changes).toHaveCount(2);
});
