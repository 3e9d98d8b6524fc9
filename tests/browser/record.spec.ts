// The record as its officer reads it: from a post to its trail, looked through as one types, taken out, erased content gone.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { APIRequestContext } from '@playwright/test';
import { findings } from './axe';
import { approved, ask, expect, session, test } from './town';
import { told } from './workbook';

const sealed = async (request: APIRequestContext, baseURL: string, secret: string) => {
  await expect
    .poll(async () => {
      await request.post('/api/rehearsal/tick', { headers: { origin: baseURL, 'x-pregon': '1' }, data: {} });
      return (await ask(request, baseURL, secret, 'GET', '/api/records')).unsealed;
    })
    .toBe(0);
};

test('an officer follows a post, finds a word, and takes out what a stranger verifies', async ({ as, request, baseURL, town, words }) => {
  const id = await approved(request, baseURL!, town, 'Mañana no hay agua en la calle del Pozo.');
  const officer = town.members.find(([role]) => role === 'records')![1];
  const secret = await session(request, baseURL!, officer);
  await sealed(request, baseURL!, secret);

  const page = await as('records');
  await page.goto(`/desk/posts/${id}`);
  await page.getByRole('link', { name: words('post_trail'), exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/desk/record\\?post=${id}`));
  const entries = page.locator('.entry');
  await expect(entries.first()).toContainText('Corte de agua');
  await expect.poll(() => entries.count()).toBeGreaterThanOrEqual(4);
  const many = await entries.count();

  // What it says behind the sentence: who, with what, how.
  await entries.first().locator('summary').first().click();
  // The session was opened past the desk, and its device is what opened it.
  await expect(entries.first().locator('.entry-facts')).toContainText(/Playwright/);
  await expect(entries.first().locator('.entry-facts')).toContainText(words('trail_how_rehearsal'));

  await page.getByRole('button', { name: words('record_everything'), exact: true }).click();
  await expect(page).toHaveURL(/\/desk\/record$/);
  await expect.poll(() => entries.count()).toBeGreaterThan(many);

  // As one types, without accents; the address keeps it.
  await page.getByLabel(words('record_text'), { exact: true }).fill('manana pozo');
  await expect(page).toHaveURL(/text=manana%20pozo|text=manana\+pozo/);
  await expect.poll(() => entries.count()).toBeLessThan(many);
  await expect(entries.first()).toContainText('Corte de agua');
  // Of this post alone: what is taken out is kept too, with these words in it, and sealed by whatever minute begins.
  await page.goto(`/desk/record?text=manana%20pozo&post=${id}`);
  await expect(page.getByLabel(words('record_text'), { exact: true })).toHaveValue('manana pozo');
  await expect(entries.first()).toBeVisible();
  const found = await entries.count();
  expect(found).toBeGreaterThan(0);

  expect(await findings(page)).toEqual([]);

  // Taken out, kept, and verified without us.
  const [json] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: words('record_json'), exact: true }).click(),
  ]);
  const file = JSON.parse(readFileSync((await json.path())!, 'utf8'));
  expect(file.format).toBe('pregon/record/1');
  expect(file.entries).toBe(found);
  const heads = await request.get(`/${town.slug}/record.json`);
  const info = test.info();
  const [export_, published] = [info.outputPath('export.json'), info.outputPath('record.json')];
  writeFileSync(export_, JSON.stringify(file));
  writeFileSync(published, await heads.text());
  const said = execFileSync('python3', ['../verifier/record.py', '--heads', published, export_], { encoding: 'utf8' });
  expect(said).toContain('good');

  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: words('record_csv'), exact: true }).click(),
  ]);
  const lines = readFileSync((await csv.path())!, 'utf8').trim().split('\r\n');
  expect(lines.length).toBe(found + 1);
  expect(lines[1]).toContain(words('trail_how_rehearsal'));

  const [xlsx] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: words('record_xlsx'), exact: true }).click(),
  ]);
  const { rows } = told((await xlsx.path())!);
  expect(rows.length).toBe(found + 1);
  expect([rows[1].A.number, rows[1].B.format]).toEqual([Number(lines[1].split(',')[0]), 22]);
  expect(rows[1].G.text).toContain(words('trail_how_rehearsal'));

  // Nothing there says what to do next.
  await page.getByLabel(words('record_text'), { exact: true }).fill('zanahoria');
  await expect(page.getByText(words('record_nothing_title'))).toBeVisible();

  await sealed(request, baseURL!, secret);
  await page.goto('/desk/record?subject=export');
  await expect(entries).toHaveCount(3);
  await page.getByRole('button', { name: words('record_check_do'), exact: true }).click();
  await expect(page.locator('.record-check .notice')).toBeVisible();
});

test('an agency is told that the record is not for it', async ({ as, words }) => {
  const page = await as('agency');
  await page.goto('/desk/record');
  await expect(page.locator('.notice').first()).toBeVisible();
  await expect(page.getByLabel(words('record_text'), { exact: true })).toHaveCount(0);
});
