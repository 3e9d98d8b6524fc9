// The calendar out of the house, and several posts at once: a file of what is shown, one's own address, a link for somebody
// without an account, two posts that change places, a campaign that moves.
import { readFileSync } from 'node:fs';
import { findings, over } from './axe';
import { ask, day, expect, newId, session, test } from './town';
import { serial, told } from './workbook';

const notice = (channel: string, title: string) => ({
  kind: 'routine',
  titles: { es: title, en: title },
  // Each says something else: what says the same is told on both cards, by the other's name.
  texts: { es: `${title}: es el jueves por la mañana.`, en: `${title}: it is on Thursday morning.` },
  targets: [{ channel, languages: ['es', 'en'] }],
});

type Way = { request: any; baseURL: string; cookie: any; channel: string };

async function planned(way: Way, title: string, civil: string, campaign?: string): Promise<string> {
  const id = newId();
  await ask(way.request, way.baseURL, way.cookie, 'PUT', `/api/posts/${id}`, { version: 0, content: notice(way.channel, title) });
  let version = 1;
  if (campaign) {
    await ask(way.request, way.baseURL, way.cookie, 'PUT', `/api/posts/${id}/belonging`, { version, belongs: { campaign } });
    version = 2;
  }
  await ask(way.request, way.baseURL, way.cookie, 'PUT', `/api/posts/${id}/slot`, { version, civil: `${civil}:00` });
  return id;
}

test('the week goes on paper: all of its days, and nothing to press', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const weekday = new Date(`${day(0)}T12:00:00Z`).getUTCDay();
  const monday = (8 - weekday) % 7 || 7;
  const titles = ['Mercado del lunes', 'Taller del jueves', 'Verbena del domingo'];
  await planned(way, titles[0], `${day(monday)}T10:00`);
  await planned(way, titles[1], `${day(monday + 3)}T12:00`);
  await planned(way, titles[2], `${day(monday + 6)}T21:00`);
  const desk = await as('author');
  // What the browser would print is what stands there when it is asked to.
  await desk.addInitScript(() => {
    window.print = () => void ((window as any).printed = document.querySelectorAll('dialog[open]').length);
  });
  await desk.goto(`/desk/calendar?week=${day(monday)}`);
  await expect(desk.locator('.week .slip')).toHaveCount(3);
  await desk.getByRole('button', { name: words('sharing_open'), exact: true }).click();
  await desk.getByRole('dialog').getByRole('button', { name: words('general_print'), exact: true }).click();
  await expect.poll(() => desk.evaluate(() => (window as any).printed)).toBe(0);

  // A sheet of A4, upright.
  await desk.setViewportSize({ width: 794, height: 1123 });
  await desk.emulateMedia({ media: 'print' });
  await expect(desk.locator('.calendar-turn')).toBeHidden();
  const days = desk.locator('.week .day');
  await expect(days).toHaveCount(7);
  const boxes = await Promise.all((await days.all()).map((one) => one.boundingBox()));
  expect(new Set(boxes.map((box) => Math.round(box!.y))).size).toBe(1);
  expect(boxes.every((box) => box!.width > 60 && box!.x + box!.width <= 794)).toBe(true);
  for (const title of titles) await expect(desk.locator('.week .slip-heading', { hasText: title })).toBeVisible();
  await expect(desk.locator('.calendar-range')).toBeVisible();
  await expect(desk.locator('button:visible, input:visible, select:visible, .button:visible, .tray:visible')).toHaveCount(0);
  expect(await over(desk)).toBeLessThanOrEqual(0);
});

test('what is shown is taken as a file, and a link shows the weeks to who has no account', async ({ as, browser, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const tomorrow = day(1);
  await planned(way, '=SUMA(1;2)', `${tomorrow}T10:00`);
  await planned(way, 'Cine de verano', `${tomorrow}T12:00`);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${tomorrow}&text=suma`);
  await expect(desk.locator('.calendar-main .slip')).toHaveCount(1);
  await desk.getByRole('button', { name: words('sharing_open'), exact: true }).click();
  const [csv] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: words('sharing_file_csv'), exact: true }).click(),
  ]);
  const lines = readFileSync((await csv.path())!, 'utf8').trim().split('\r\n');
  expect(lines.length).toBe(2);
  expect(lines[1]).toContain(`${tomorrow},10:00,"'=SUMA(1;2)"`);
  const [xlsx] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: words('sharing_file_xlsx'), exact: true }).click(),
  ]);
  const sheet = told((await xlsx.path())!);
  expect([sheet.rows.length, sheet.frozen, sheet.name]).toEqual([2, true, words('calendar_title')]);
  expect(sheet.rows[1]).toMatchObject({
    A: { number: serial(tomorrow), format: 14 },
    B: { number: 10 / 24, format: 20 },
    C: { text: '=SUMA(1;2)', format: 49 },
  });
  const [ics] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: words('sharing_file_ics'), exact: true }).click(),
  ]);
  const calendar = readFileSync((await ics.path())!, 'utf8');
  expect(calendar).toContain('SUMMARY:=SUMA(1\\;2)\r\n');
  expect(calendar).not.toContain('Cine');
  const [json] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: words('sharing_file_json'), exact: true }).click(),
  ]);
  expect(JSON.parse(readFileSync((await json.path())!, 'utf8')).posts.map((post: any) => post.heading)).toEqual(['=SUMA(1;2)']);

  await desk.getByRole('button', { name: words('sharing_own_make'), exact: true }).click();
  await expect(desk.getByRole('link', { name: words('sharing_subscribe') })).toHaveAttribute('href', /^webcal:\/\/.*\/posts\.ics$/);
  await desk.getByRole('button', { name: words('sharing_own_revoke'), exact: true }).click();
  await expect(desk.getByText(words('sharing_own_none'))).toBeVisible();

  await desk.getByLabel(words('sharing_for')).fill('Gabinete de alcaldía');
  await desk.getByRole('button', { name: words('sharing_make'), exact: true }).click();
  const link = (await desk.locator('dialog .code').textContent())!;
  expect(await findings(desk)).toEqual([]);
  const stranger = await (await browser.newContext({ javaScriptEnabled: false, locale: 'es-ES' })).newPage();
  expect((await stranger.goto(link))!.status()).toBe(200);
  await expect(stranger.getByText('Cine de verano')).toBeVisible();
  await expect(stranger.getByText('es el jueves por la mañana')).toHaveCount(0);
  await desk.getByRole('button', { name: words('sharing_revoke_of').replace('{name}', 'Gabinete de alcaldía') }).click();
  await expect(desk.getByText(words('sharing_revoke_done').replace('{name}', 'Gabinete de alcaldía'))).toBeVisible();
  expect((await stranger.goto(link))!.status()).toBe(404);
});

test('two posts swap their slots, a campaign moves as one, and both come back', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const cookie = await session(request, baseURL!, of('author'));
  const way = { request, baseURL: baseURL!, cookie, channel: town.noticeboard };
  const admin = await session(request, baseURL!, of('administrator'));
  const campaign = newId();
  await ask(request, baseURL!, admin, 'PUT', `/api/campaigns/${campaign}`, { version: 0, name: 'Recicla bien', archived: false });
  const [date, later] = [day(2), day(9)];
  await planned(way, 'Contenedor amarillo', `${date}T09:00`, campaign);
  await planned(way, 'Contenedor azul', `${date}T17:00`, campaign);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${date}`);
  const time = (title: string) => desk.locator('.slip', { hasText: title }).locator('.slip-time');
  await expect(time('Contenedor amarillo')).toHaveText('09:00');
  await desk.getByRole('button', { name: words('calendar_menu').replace('{heading}', 'Contenedor amarillo') }).click();
  await desk.getByRole('button', { name: words('calendar_swap'), exact: true }).click();
  await expect(desk.getByLabel(words('calendar_swap_with'))).toBeVisible();
  expect(await findings(desk)).toEqual([]);
  await desk.getByRole('button', { name: words('calendar_swap_do'), exact: true }).click();
  await expect(time('Contenedor amarillo')).toHaveText('17:00');
  await expect(time('Contenedor azul')).toHaveText('09:00');
  await desk.getByRole('button', { name: words('calendar_undo'), exact: true }).click();
  await expect(time('Contenedor amarillo')).toHaveText('09:00');

  await desk.getByRole('button', { name: words('calendar_shift'), exact: true }).click();
  await desk.getByLabel(words('calendar_shift_days')).fill('7');
  await desk.getByRole('button', { name: words('calendar_shift_look'), exact: true }).click();
  const go = desk.getByRole('dialog').locator('button.primary');
  await expect(go).toContainText('2');
  expect(await findings(desk)).toEqual([]);
  await go.click();
  await expect(desk.locator('.calendar-main .slip')).toHaveCount(0);
  await desk.goto(`/desk/calendar?day=${later}`);
  await expect(time('Contenedor amarillo')).toHaveText('09:00');
  await expect(time('Contenedor azul')).toHaveText('17:00');
});
