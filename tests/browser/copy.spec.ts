// The whole organisation as one file, read by somebody else's program, and an empty one filled from it.
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { findings, over } from './axe';
import { approved, ask, expect, open, session, test, type Town } from './town';

const python = (...words: string[]) => execFileSync('python3', ['bundled.py', ...words], { encoding: 'utf8', maxBuffer: 50_000_000 });

test('an administrator takes everything along, and fills an empty organisation with it', async ({
  as, baseURL, browser, locale, request, town, viewport, words,
}, info) => {
  await approved(request, baseURL!, town, 'Mañana no hay agua en la calle del Pozo.');
  const page = await as('administrator');
  await page.goto('/desk/organisation');
  const card = page.getByRole('region', { name: words('copy_title'), exact: true });
  await expect(card).toBeVisible();
  // Where there is something, nothing can be brought in.
  await expect(page.getByRole('region', { name: words('copy_bring_title'), exact: true })).toHaveCount(0);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    card.getByRole('button', { name: words('copy_take'), exact: true }).click(),
  ]);
  await expect(card.getByText(words('copy_taken'), { exact: true })).toBeVisible();
  expect(download.suggestedFilename()).toMatch(/^pregon-.+-\d{4}-\d\d-\d\d\.zip$/);
  const file = info.outputPath('copy.zip');
  copyFileSync((await download.path())!, file);
  const told = JSON.parse(python('told', file));
  expect(told.format).toBe('pregon/organisation/1');
  expect(told.rows.post).toBe(1);
  expect(told.rows.member).toBe(town.members.length);
  expect(told.rows.record).toBeGreaterThan(0);
  expect(told.rows.session).toBeUndefined();
  expect(told.page).toContain('Mañana no hay agua en la calle del Pozo.');
  expect(told.page).not.toContain('<script');
  expect(told.table).toContain('Mañana no hay agua en la calle del Pozo.');
  expect(await findings(page)).toEqual([]);

  // Another town of the same deployment, in which there is nothing.
  const answer = await request.post('/api/rehearsal/organisations', {
    headers: { origin: baseURL!, 'x-pregon': '1' },
    data: { name: `Villa Vacía ${info.title.slice(0, 8)}` },
  });
  const empty: Town = await answer.json();
  const administrator = empty.members.find(([role]) => role === 'administrator')![1];
  const there = await open(browser, request, baseURL!, administrator, { viewport, locale });
  await there.goto('/desk/organisation');
  const bringing = there.getByRole('region', { name: words('copy_bring_title'), exact: true });
  const input = bringing.locator('input[type=file]');

  // What was changed is found before anything is written.
  const tampered = info.outputPath('tampered.zip');
  python('tampered', file, tampered);
  await input.setInputFiles(tampered);
  await expect(bringing.getByText(words('copy_flaw_altered_what', { name: 'tables/post.jsonl' }))).toBeVisible();
  await expect(bringing.getByRole('button', { name: words('copy_bring'), exact: true })).toHaveCount(0);

  // What this deployment has already, in another organisation, does not come in a second time.
  await input.setInputFiles(file);
  await bringing.getByRole('button', { name: words('copy_bring'), exact: true }).click();
  await expect(bringing.getByText(words('refusal_here_already_what'))).toBeVisible();

  const other = info.outputPath('other.zip');
  python('other', file, other);
  await input.setInputFiles(other);
  await expect(bringing.getByRole('heading', { name: told.name, exact: true })).toBeVisible();
  await expect(bringing.getByText(words('copy_held'))).toBeVisible();
  expect(await findings(there)).toEqual([]);
  await there.setViewportSize({ width: 320, height: 700 });
  expect(await over(there)).toBeLessThanOrEqual(0);
  await bringing.getByRole('button', { name: words('copy_bring'), exact: true }).click();
  await expect(bringing.getByText(words('copy_there'), { exact: true })).toBeVisible({ timeout: 60_000 });
  await bringing.getByRole('button', { name: words('copy_go_on'), exact: true }).click();
  await expect(bringing).toHaveCount(0);

  const secret = await session(request, baseURL!, administrator);
  const posts = await ask(request, baseURL!, secret, 'GET', '/api/posts');
  expect(posts.items.map((post: { heading: string }) => post.heading)).toEqual(['Corte de agua']);
  const organisation = await ask(request, baseURL!, secret, 'GET', '/api/organisation');
  expect(organisation.name).toBe(told.name);
  expect(organisation.pause).not.toBeNull();
  await there.context().close();
});
