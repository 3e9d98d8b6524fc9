// A plan that stands in a spreadsheet: what is wrong with it is said row by row before anything is written; what is right
// becomes drafts, once, also where the network fails in between.
import { readFileSync } from 'node:fs';
import { findings, over } from './axe';
import { ask, expect, session, test } from './town';
import { told, workbook } from './workbook';

const YEAR = new Date().getFullYear() + 1;

/** As a town hall's spreadsheet writes it: semicolons, Windows-1252, CRLF. Node's `latin1` is the same for these letters. */
const sheet = (lines: string[][]) => ({
  name: 'plan.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(lines.map((cells) => cells.map((cell) => (/[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';')).join('\r\n'), 'latin1'),
});

const HEADS = ['Fecha', 'Hora', 'Canal', 'Título', 'Texto', 'Texto (en)', 'Notas'];

test('five hundred rows with thirty-seven faults are looked at before anything is written', async ({ as, town, words, request, baseURL }) => {
  const author = await as('author');
  await author.goto('/desk/calendar');
  await author.getByRole('link', { name: words('import_open'), exact: true }).click();
  await expect(author.getByRole('heading', { level: 1, name: words('import_title') })).toBeVisible();

  const faults: ((row: string[]) => void)[] = [
    (row) => (row[0] = `31/11/${YEAR}`),
    (row) => (row[1] = '25:00'),
    (row) => (row[2] = 'Myspace'),
    (row) => ((row[4] = ''), (row[5] = '')),
    (row) => (row[0] = ''),
  ];
  const rows = Array.from({ length: 500 }, (_, place) => {
    const day = `${String(1 + (place % 28)).padStart(2, '0')}/${String(1 + (place % 12)).padStart(2, '0')}/${YEAR}`;
    const row = [day, `${9 + (place % 9)}:00`, '', `Aviso ${place}`, `Aviso n.º ${place}: la piscina municipal abre en español.`, `Notice ${place}: the pool is open.`, 'interno'];
    if (place % 13 === 5 && place / 13 < 37) faults[Math.floor(place / 13) % faults.length](row);
    return row;
  });
  await author.locator('input[type=file]').setInputFiles(sheet([HEADS, ...rows]));
  await expect(author.getByText(words('import_come_other', { n: '463' }))).toBeVisible();
  await expect(author.getByText(words('import_come_not_other', { n: '37' }))).toBeVisible();
  const flawed = author.getByRole('button', { name: words('import_show_flawed', { count: '37' }), exact: true });
  await flawed.click();
  const lines = author.locator('.import-rows > li');
  await expect(lines).toHaveCount(37);
  await expect(lines.first()).toContainText(words('import_row', { number: '7' }));
  await expect(lines.first()).toContainText(words('import_flaw_not_a_day', { text: `31/11/${YEAR}` }));
  await expect(lines.nth(4)).toContainText(words('import_flaw_hour_alone'));
  // Of a column that says nothing, nothing is taken; and what it says can be chosen.
  await author.getByLabel('Hora', { exact: true }).selectOption('');
  await expect(author.getByText(words('import_come_not_other', { n: '22' }))).toBeVisible();
  expect(await findings(author, { within: '.import' })).toEqual([]);
  const secret = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  expect((await ask(request, baseURL!, secret, 'GET', '/api/posts')).items, 'nothing was written').toEqual([]);
});

test('what is right becomes drafts, each once, although the network fails in between', async ({ as, town, words, request, baseURL }) => {
  const author = await as('author', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await author.goto('/desk/import');
  const row = (place: number, ...cells: string[]) => [`1${place}/03/${YEAR}`, '10:00', '', `Taller ${place}`, `El taller ${place} es gratuito.`, `Workshop ${place} is free.`, ...cells];
  const lines = [HEADS, row(1), row(2), row(3), row(4), row(5), row(5)];
  await author.locator('input[type=file]').setInputFiles(sheet(lines));
  await expect(author.getByText(words('import_come_other', { n: '5' }))).toBeVisible();
  await expect(author.getByText(words('import_flaw_same_as', { number: '6' }))).toBeVisible();
  expect(await over(author)).toBeLessThanOrEqual(0);
  expect(await findings(author)).toEqual([]);

  // The third is stored, and its answer is lost.
  let stored = 0;
  await author.route('**/api/posts/*', async (route) => {
    if (route.request().method() !== 'PUT' || ++stored !== 3) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await author.getByRole('button', { name: words('import_do_other', { n: '5' }), exact: true }).click();
  await expect(author.getByText(words('trouble_offline_what'))).toBeVisible();
  await expect(author.getByText(words('import_written', { all: '5', done: '2' }))).toBeVisible();
  await author.getByRole('button', { name: words('import_go_on_other', { n: '3' }), exact: true }).click();
  await expect(author.getByText(words('import_written', { all: '5', done: '5' }))).toBeVisible();
  const secret = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const posts = (await ask(request, baseURL!, secret, 'GET', '/api/posts')).items as { heading: string; stage: string; slot: number | null }[];
  expect(posts.map((post) => post.heading).sort()).toEqual([1, 2, 3, 4, 5].map((place) => `Taller ${place}`));
  // Wished for, and agreed to by nobody.
  expect(posts.every((post) => post.stage === 'draft' && post.slot !== null)).toBe(true);

  await author.getByRole('link', { name: words('import_see'), exact: true }).click();
  await expect(author).toHaveURL(/\/desk\/calendar\?week=/);
  await expect(author.getByText('Taller 1', { exact: true }).first()).toBeVisible();
});

test('a sheet that is brought again, after a closed tab, writes nothing twice', async ({ as, town, words, request, baseURL }) => {
  const row = (place: number) => [`1${place}/05/${YEAR}`, '10:00', '', `Ruta ${place}`, `La ruta ${place} sale de la plaza.`, `Walk ${place} starts at the square.`];
  const bring = async (rows: string[][], said: string) => {
    const author = await as('author');
    await author.goto('/desk/import');
    await author.locator('input[type=file]').setInputFiles(sheet([HEADS, ...rows]));
    await expect(author.getByText(words('import_come_other', { n: said }))).toBeVisible();
    return author;
  };
  const first = await bring([row(1), row(2), row(3)], '3');
  // The second is stored; the tab is closed before its hour is asked for.
  let places = 0;
  await first.route('**/api/posts/*/**', async (route) => (route.request().method() === 'PUT' && ++places === 2 ? route.abort() : route.continue()));
  await first.getByRole('button', { name: words('import_do_other', { n: '3' }), exact: true }).click();
  await expect(first.getByText(words('trouble_offline_what'))).toBeVisible();
  await first.close();

  // A row more above, and a column of notes: the rows that were there are the same.
  const second = await bring([row(4), row(1), row(2), row(3)], '4');
  await second.getByRole('button', { name: words('import_do_other', { n: '4' }), exact: true }).click();
  await expect(second.getByText(words('import_there_other', { n: '2' }))).toBeVisible();
  await expect(second.getByText(words('import_written', { all: '4', done: '2' }))).toBeVisible();
  expect(await findings(second, { within: '.import' })).toEqual([]);
  const secret = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  type Row = { id: string; heading: string; slot: number | null; version: number };
  const posts = (await ask(request, baseURL!, secret, 'GET', '/api/posts')).items as Row[];
  expect(posts.map((post) => post.heading).sort()).toEqual([1, 2, 3, 4].map((place) => `Ruta ${place}`));
  expect(posts.every((post) => post.slot !== null), 'what broke off was gone on with').toBe(true);

  // Cancelled since: that is said, and it is not written again.
  const given = posts.find((post) => post.heading === 'Ruta 3')!;
  const { post } = await ask(request, baseURL!, secret, 'GET', `/api/posts/${given.id}`);
  await ask(request, baseURL!, secret, 'POST', `/api/posts/${given.id}/cancellation`, { version: post.version, reason: 'Llueve.' });
  const third = await bring([row(1), row(3)], '2');
  await third.getByRole('button', { name: words('import_do_other', { n: '2' }), exact: true }).click();
  await expect(third.getByText(words('import_cancelled_one', { n: '1' }))).toBeVisible();
  await expect(third.getByText(words('import_written', { all: '2', done: '0' }))).toBeVisible();
  await expect(third.getByRole('link', { name: words('import_row', { number: '3' }), exact: true })).toHaveAttribute('href', `/desk/posts/${given.id}`);
  expect((await ask(request, baseURL!, secret, 'GET', '/api/posts')).items).toHaveLength(4);
});

test('a workbook is read as it is seen, sheet by sheet, and what is left comes back as one', async ({ as, town, words, request, baseURL }) => {
  const author = await as('author');
  await author.goto('/desk/import');
  const day = { day: `${YEAR}-03-11` };
  const rows = [
    HEADS,
    [day, { hour: '10:00' }, '', 'Taller de barro', { formula: 'CONCATENATE("El taller ","es gratuito.")', value: 'El taller es gratuito.' }, 'It is free.', 7],
    // The day stands merged beside both.
    ['', { hour: '17:30' }, '', 'Taller de cuero', 'El taller de cuero también.', 'This one too.', ''],
    [day, { hour: '12:00' }, 'Myspace', '=1+1', 'Con <b> & ]]>.', 'No.', ''],
  ];
  const sheets = [
    { name: 'Notas', hidden: true, rows: [['Texto'], ['De nadie.']] },
    { name: 'Plan de marzo', rows, merged: ['A2:A3'] },
    { name: 'Abril', rows: [HEADS] },
  ];
  await author.locator('input[type=file]').setInputFiles(workbook(sheets));
  await expect(author.getByText(words('import_come_other', { n: '2' }))).toBeVisible();
  await expect(author.getByText(words('import_flaw_unknown_channel', { name: 'Myspace' }))).toBeVisible();
  expect(await findings(author, { within: '.import' })).toEqual([]);

  const sheet = author.getByLabel(words('import_sheet'), { exact: true });
  await expect(sheet.locator('option')).toHaveText(['Plan de marzo', 'Abril']);
  await sheet.selectOption('Abril');
  await expect(author.getByText(words('import_unreadable_no_rows_what'))).toBeVisible();
  await sheet.selectOption('Plan de marzo');
  await author.getByRole('button', { name: words('import_do_other', { n: '2' }), exact: true }).click();
  await expect(author.getByText(words('import_written', { all: '2', done: '2' }))).toBeVisible();
  const secret = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const { items } = (await ask(request, baseURL!, secret, 'GET', '/api/posts')) as { items: { id: string; heading: string; slot: number }[] };
  const at = (hour: string) => Date.parse(`${YEAR}-03-11T${hour}:00+01:00`);
  const found = items.map((post) => [post.heading, post.slot]).sort();
  expect(found).toEqual([['Taller de barro', at('10:00')], ['Taller de cuero', at('17:30')]]);
  const first = await ask(request, baseURL!, secret, 'GET', `/api/posts/${items.find((post) => post.heading === 'Taller de barro')!.id}`);
  expect(first.post.content.texts.es, 'of a formula, what it came to').toBe('El taller es gratuito.');

  const [left] = await Promise.all([
    author.waitForEvent('download'),
    author.getByRole('button', { name: words('import_left_workbook'), exact: true }).click(),
  ]);
  expect(left.suggestedFilename()).toBe(`${words('import_left_file')}.xlsx`);
  const { rows: lines, frozen } = told((await left.path())!);
  expect(frozen).toBe(true);
  expect(lines.length).toBe(2);
  expect(lines[0].H.text).toBe(words('import_why'));
  expect(lines[1].D).toEqual({ text: '=1+1', format: 49 });
  expect(lines[1].E.text).toBe('Con <b> & ]]>.');
  // Mended or not, it can be brought again as it is.
  const again = { name: 'filas.xlsx', mimeType: 'application/octet-stream', buffer: readFileSync((await left.path())!) };
  await author.locator('input[type=file]').setInputFiles(again);
  await expect(author.getByText(words('import_read', { name: again.name, columns: '8', rows: '1' }))).toBeVisible();
});

test('what is no sheet says what to do', async ({ as, words }) => {
  const author = await as('author');
  await author.goto('/desk/import');
  const bring = (buffer: Buffer) => author.locator('input[type=file]').setInputFiles({ name: 'plan.xls', mimeType: 'application/octet-stream', buffer });
  await bring(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0, 0]));
  await expect(author.getByText(words('import_unreadable_binary_next'))).toBeVisible();
  await bring(Buffer.from('PK\x03\x04 y nada más'));
  await expect(author.getByText(words('import_unreadable_damaged_what'))).toBeVisible();
  await author.locator('input[type=file]').setInputFiles(workbook([{ name: 'Plan', rows: Array.from({ length: 2_002 }, () => ['Hola']) }]));
  await expect(author.getByText(words('import_unreadable_too_many_rows_what'))).toBeVisible();
  await bring(Buffer.from('GIF89a\0\0'));
  await expect(author.getByText(words('import_unreadable_not_a_sheet_next'))).toBeVisible();
  await bring(Buffer.from(`texto\n${'Hola\n'.repeat(2_001)}`));
  await expect(author.getByText(words('import_unreadable_too_many_rows_what'))).toBeVisible();
  await bring(Buffer.from('texto;canal\n'));
  await expect(author.getByText(words('import_unreadable_no_rows_what'))).toBeVisible();
  await bring(Buffer.alloc(5_000_001, 'a'));
  await expect(author.getByText(words('import_unreadable_too_large_what'))).toBeVisible();
});
