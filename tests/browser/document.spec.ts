// A document as its people meet it: refused by name, brought, named, agreed to, opened by citizens from a link that says what it is.
import type { Page } from '@playwright/test';
import { findings } from './axe';
import { expect, test } from './town';

const TITLE = 'Acta del pleno de diciembre';

/** A document of two pages, without tags; `odd` is one more object. */
const pdf = (odd = 'null') =>
  Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>endobj\n' +
      '3 0 obj<</Type/Page/MediaBox[0 0 300 400]/Parent 2 0 R/Resources<<>>>>endobj\n' +
      `4 0 obj ${odd} endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n`,
  );

const choose = (page: Page, name: string, buffer: Buffer) =>
  page.locator('input[type="file"][accept*="pdf"]').setInputFiles({ name, mimeType: 'application/pdf', buffer });

test('a document is looked through, named, agreed to and opened from its link', async ({ as, town, words, request }) => {
  const author = await as('author');
  await author.goto('/desk/posts/new');
  await author.locator('#title-es').fill('Ya está el acta');
  await author.locator('#text-es').fill('El acta del pleno de diciembre ya se puede leer.');
  await author.locator('.toggle').nth(1).click();
  await choose(author, 'guion.pdf', pdf('<</S/JavaScript/JS(app.alert)>>'));
  await expect(author.getByRole('alert').filter({ hasText: words('refusal_bad_document_script') })).toBeVisible();
  await choose(author, 'nada.pdf', Buffer.from('<html></html>'));
  await expect(author.getByRole('alert').filter({ hasText: words('refusal_bad_document_not_a_pdf') })).toBeVisible();
  const bytes = pdf();
  await choose(author, 'acta.pdf', bytes);
  await expect(author.getByRole('link', { name: 'acta.pdf' })).toBeVisible();
  await expect(author.getByText(words('finding_document_untagged'))).toBeVisible();
  // Without a name it does not go.
  const missing = author.getByText(words('finding_document_untitled'));
  await expect(missing.first()).toBeVisible();
  await author.getByLabel(words('document_name', { language: 'español' }), { exact: true }).fill(TITLE);
  await expect(missing).toHaveCount(0);
  await expect(author.locator('.compose-side').getByRole('link', { name: TITLE }).first()).toBeVisible();
  expect(await findings(author, { colours: false })).toEqual([]);
  await expect(author.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await author.getByRole('button', { name: words('compose_submit'), exact: true }).click();
  await expect(author).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
  const id = author.url().split('/').pop()!;

  const mayor = await as('approver', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await mayor.goto('/decide/');
  await expect(mayor.getByRole('link', { name: TITLE }).first()).toBeVisible();
  await mayor.goto('/desk/approvals');
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  await author.goto(`/desk/posts/${id}`);
  await author.getByRole('button', { name: words('post_release'), exact: true }).click();
  await author.getByRole('button', { name: words('post_release_do'), exact: true }).click();
  await expect.poll(async () => (await request.get(`/${town.slug}/posts/${id}`)).status()).toBe(200);
  await author.goto(`/${town.slug}/posts/${id}`);
  const link = author.getByRole('link', { name: `${TITLE} (PDF, 2 páginas, 1 KB)` });
  await expect(link).toBeVisible();
  expect(await findings(author, { colours: false })).toEqual([]);
  const file = await request.get((await link.getAttribute('href'))!);
  expect(file.headers()['content-type']).toBe('application/pdf');
  expect(Buffer.compare(await file.body(), bytes)).toBe(0);
});
