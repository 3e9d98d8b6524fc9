// What a view lists leaves as a file, whole and as it is sifted, and what is stopped or refused on the way leaves none.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { findings } from './axe';
import { ask, expect, many, newId, session, test } from './town';
import { told } from './workbook';
import type { Words } from './words';

/** Opens the dialog. */
async function leave(desk: Page, words: Words) {
  await desk.getByRole('button', { name: words('leaving_do'), exact: true }).click();
  const dialog = desk.getByRole('dialog');
  await expect(dialog).toBeVisible();
  return dialog;
}

/** A file of the dialog, as its path. */
async function taken(desk: Page, words: Words, form: string): Promise<string> {
  const [download] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('dialog').getByRole('button', { name: words(`sharing_file_${form}`), exact: true }).click(),
  ]);
  return (await download.path())!;
}

/** Looks for what was just written until it is all found, which is a page and more: words are read ten posts at a time. */
async function manyFound(desk: Page, words: Words) {
  await expect(async () => {
    await desk.goto('/desk/search?words=piscina');
    await expect(desk.getByRole('button', { name: words('search_further'), exact: true })).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 120_000 });
}

test('what was found leaves whole, page after page, in each form', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const write = (title: string, text = 'La piscina abre el lunes.') =>
    ask(request, baseURL!, author, 'PUT', `/api/posts/${newId()}`, {
      version: 0,
      content: { kind: 'routine', titles: { es: title }, texts: { es: text }, targets: [{ channel: town.noticeboard, languages: ['es'] }] },
    });
  await write('=SUMA(1;2)');
  await many(24, (n) => write(`Piscina ${n}`));
  await write('Pleno', 'El pleno es el jueves.');
  const desk = await as('author');
  await manyFound(desk, words);
  const shown = await desk.locator('.search-hit').count();
  expect(shown).toBeLessThan(25);
  const dialog = await leave(desk, words);
  expect(await findings(desk)).toEqual([]);

  const csv = readFileSync(await taken(desk, words, 'csv'), 'utf8');
  const lines = csv.trim().split('\r\n');
  expect([csv.charCodeAt(0), lines.length]).toEqual([0xfeff, 26]);
  expect(lines[0]).toContain(words('sharing_column_heading'));
  expect(csv).toContain(`"'=SUMA(1;2)"`);
  expect(csv).not.toContain('Pleno');
  await expect(dialog.getByRole('status')).toContainText('25');

  const sheet = told(await taken(desk, words, 'xlsx'));
  expect([sheet.rows.length, sheet.frozen]).toEqual([26, true]);
  const json = JSON.parse(readFileSync(await taken(desk, words, 'json'), 'utf8'));
  expect([json.format, json.list, json.asked, json.rows.length]).toEqual(['pregon/list/1', 'search', { words: 'piscina' }, 25]);
  expect(json.rows.map((row: any) => row.heading)).toContain('=SUMA(1;2)');
  expect(json.rows[0]).toMatchObject({ stage: 'draft', networks: ['noticeboard'], channels: [{ id: town.noticeboard }] });
  await desk.keyboard.press('Escape');
  await expect(desk.getByRole('button', { name: words('leaving_do'), exact: true })).toBeFocused();
});

test('what is stopped or refused on the way leaves no file', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  await many(25, (n) =>
    ask(request, baseURL!, author, 'PUT', `/api/posts/${newId()}`, {
      version: 0,
      content: { kind: 'routine', titles: { es: `Piscina ${n}` }, texts: { es: 'La piscina.' }, targets: [{ channel: town.noticeboard, languages: ['es'] }] },
    }),
  );
  const desk = await as('author');
  await manyFound(desk, words);
  const dialog = await leave(desk, words);
  const downloads: string[] = [];
  desk.on('download', (download) => downloads.push(download.suggestedFilename()));

  // The second page does not come: it is stopped meanwhile.
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await desk.route(/\/api\/posts\/search\?.*cursor=/, async (route) => {
    await held;
    // Nobody waits for it by then: it may have been let go with the route.
    await route.continue().catch(() => undefined);
  });
  const csv = dialog.getByRole('button', { name: words('sharing_file_csv'), exact: true });
  await csv.click();
  await expect(dialog.getByRole('status')).toContainText(/\d/);
  await expect(csv).toHaveAttribute('aria-busy', 'true');
  await dialog.getByRole('button', { name: words('leaving_stop'), exact: true }).click();
  await expect(dialog.getByRole('status')).toHaveText(words('leaving_stopped'));
  await expect(dialog.getByRole('status')).toBeFocused();
  go();

  // The second page is refused: it is said, and whoever tries again gets all of it.
  await desk.unroute(/\/api\/posts\/search\?.*cursor=/);
  await desk.route(/\/api\/posts\/search\?.*cursor=/, (route) => route.abort());
  await csv.click();
  await expect(dialog.getByText(words('trouble_offline_what'))).toBeVisible();
  expect(downloads).toEqual([]);
  await desk.unroute(/\/api\/posts\/search\?.*cursor=/);
  const path = await taken(desk, words, 'csv');
  expect(readFileSync(path, 'utf8').trim().split('\r\n').length).toBe(26);
  expect(downloads.length).toBe(1);
});

test('each list is offered where it stands, and the register to whoever keeps it', async ({ as, town, words, request, baseURL }) => {
  const admin = await session(request, baseURL!, town.members.find(([name]) => name === 'administrator')![1]);
  await ask(request, baseURL!, admin, 'PUT', `/api/campaigns/${newId()}`, {
    version: 0, name: 'Recicla bien', first: '2027-03-01', last: '2027-03-14', archived: false,
  });
  await ask(request, baseURL!, admin, 'POST', '/api/ready-templates', {});
  const desk = await as('administrator');
  const names = async (place: string): Promise<string[]> => {
    await desk.goto(place);
    const dialog = await leave(desk, words);
    await expect(dialog.locator('option, strong').first()).toBeAttached();
    const offered = await dialog.locator('option').allTextContents();
    return offered.length > 0 ? offered : [await dialog.locator('strong').first().innerText()];
  };
  const list = (...all: string[]) => all.map((one) => words(`leaving_list_${one}`));
  expect(await names('/desk/plan')).toEqual(list('progress', 'promises', 'audiences'));
  expect(await names('/desk/people')).toEqual(list('people'));
  const people = readFileSync(await taken(desk, words, 'csv'), 'utf8');
  expect(people.trim().split('\r\n').length).toBe(town.members.length + 1);
  expect(people).not.toContain('@');
  expect(await names('/desk/channels')).toEqual(list('channels'));
  const channels = JSON.parse(readFileSync(await taken(desk, words, 'json'), 'utf8'));
  expect(channels.rows).toMatchObject([{ id: town.noticeboard, network: 'noticeboard', health: 'working' }]);
  expect(await names('/desk/texts')).toEqual(list('templates'));
  expect(await names('/desk/texts?view=replies')).toEqual(list('replies'));
  expect(await names('/desk/texts?view=proposals')).toEqual(list('proposals'));
  expect(await names('/desk/tasks?view=all')).toEqual(list('tasks'));
  expect(await names('/desk/organisation')).toEqual(list('campaigns', 'pillars'));
  const calendar = readFileSync(await taken(desk, words, 'ics'), 'utf8');
  expect(calendar).toContain('DTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270315\r\n');
  // A list without days is not offered as a calendar.
  await desk.getByRole('dialog').getByLabel(words('leaving_which')).selectOption({ index: 1 });
  await expect(desk.getByRole('button', { name: words('sharing_file_ics'), exact: true })).toHaveCount(0);
  expect(await names('/desk/library')).toEqual(list('library', 'consents'));

  const translator = await as('translator');
  await translator.goto('/desk/library');
  await expect((await leave(translator, words)).locator('strong')).toHaveText(list('library'));
});
