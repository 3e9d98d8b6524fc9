// A task on a phone: asked for by one, taken up and finished by another, gone from the home page when it is done.
import { ask, expect, newId, session, test, wallNow } from './town';
import { told } from './workbook';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('a task is asked for on a phone, taken up and finished by somebody else', async ({ as, words, town }) => {
  const author = await as('author', phone);
  await author.goto('/desk/tasks');
  await expect(author.getByText(words('task_empty_mine_title'))).toBeVisible();
  await author.getByRole('button', { name: words('task_new'), exact: true }).click();
  await author.getByLabel(words('task_what'), { exact: true }).fill('Foto de la fuente');
  const designer = town.members.find(([name]) => name === 'designer')![1];
  await author.getByLabel(words('task_who'), { exact: true }).selectOption(designer);
  await author.getByLabel(words('task_due'), { exact: true }).fill(wallNow().slice(0, 10));
  await author.getByRole('button', { name: words('task_ask'), exact: true }).click();
  await expect(author.getByText(words('task_asked_done'))).toBeVisible();
  await author.getByRole('link', { name: words('task_asked'), exact: true }).click();
  await expect(author.getByRole('heading', { name: 'Foto de la fuente' })).toBeVisible();
  await expect(author.locator('.task .chip').first()).toHaveText(words('task_state_open'));

  const other = await as('designer', phone);
  await other.goto('/desk/');
  await expect(other.getByText('Foto de la fuente')).toBeVisible();
  await other.getByRole('link', { name: words('home_task_look'), exact: true }).click();
  const start = other.getByRole('button', { name: words('task_start'), exact: true });
  expect((await start.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await start.click();
  await other.getByRole('button', { name: words('task_finish'), exact: true }).click();
  await expect(other.getByText(words('task_empty_mine_title'))).toBeVisible();
  await other.goto('/desk/');
  await expect(other.getByText('Foto de la fuente')).toHaveCount(0);

  // The answer to what was asked first comes last: nobody asks that any more, and it covers nothing.
  let asked = 0;
  let letGo = () => {};
  const second = new Promise<void>((done) => (letGo = done));
  await author.route(/\/api\/tasks(\?|$)/, async (route) => {
    if (++asked === 1) await second;
    await route.continue();
  });
  await author.reload();
  await author.getByLabel(words('task_filter'), { exact: true }).selectOption({ label: words('task_state_done') });
  await expect(author.getByRole('heading', { name: 'Foto de la fuente' })).toBeVisible();
  const late = author.waitForResponse((answer) => answer.url().includes('/api/tasks'));
  letGo();
  await (await late).finished();
  await author.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await expect(author.getByRole('heading', { name: 'Foto de la fuente' })).toBeVisible();
});

test('a task is asked of a unit and whoever of it begins has it', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const standing = await ask(request, baseURL!, administrator, 'GET', '/api/bylaws');
  const unit = { id: newId(), name: 'Obras', members: [of('designer'), of('community')] };
  await ask(request, baseURL!, administrator, 'PUT', '/api/bylaws/units', { version: standing.version, units: [unit] });

  const author = await as('author', phone);
  await author.goto('/desk/tasks');
  await author.getByRole('button', { name: words('task_new'), exact: true }).click();
  await author.getByLabel(words('task_what'), { exact: true }).fill('Foto de la zanja');
  await author.getByLabel(words('task_who'), { exact: true }).selectOption(`unit:${unit.id}`);
  await author.getByRole('button', { name: words('task_ask'), exact: true }).click();
  await expect(author.getByText(words('task_asked_done'))).toBeVisible();

  const designer = await as('designer', phone);
  await designer.goto('/desk/tasks');
  await expect(designer.getByText(words('task_empty_mine_title'))).toBeVisible();
  await designer.getByRole('link', { name: words('task_units'), exact: true }).click();
  await expect(designer.locator('.task')).toContainText(words('task_of_unit', { unit: 'Obras' }));
  await designer.getByRole('button', { name: words('task_start'), exact: true }).click();
  await expect(designer.locator('.task')).toContainText(words('task_unit_taken', { unit: 'Obras' }));
  await designer.getByRole('button', { name: words('task_finish'), exact: true }).click();

  await author.goto('/desk/tasks?view=report');
  await expect(author.locator('caption')).toHaveText([words('task_report_people'), words('task_report_units')]);
  await expect(author.locator('table').nth(1)).toContainText('Obras');
  const [xlsx] = await Promise.all([
    author.waitForEvent('download'),
    author.getByRole('button', { name: words('task_report_workbook'), exact: true }).click(),
  ]);
  const { rows } = told((await xlsx.path())!);
  const line = rows.find((row) => row.A.text === 'Obras')!;
  // Done is the fourth of the counts, behind the name and what it is.
  expect([line.B.text, line.F.number]).toEqual([words('task_report_unit'), 1]);
});
