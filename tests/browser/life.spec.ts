// The life of a notice as its people see it: written at the desk, approved on a phone, placed, out, read by citizens.
import { expect, test, wallNow } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('a notice is written, approved on a phone by somebody else, placed, and read on the public page', async ({ as, town, words, request }) => {
  const author = await as('author');
  await author.goto('/desk/posts/new');
  await author.locator('#title-es').fill('Corte de agua en la calle Mayor');
  await author.locator('#text-es').fill('Mañana no hay agua en la calle Mayor, de nueve a once de la mañana.');
  await author.locator('#tab-en').click();
  await author.locator('#title-en').fill('Water cut in calle Mayor');
  await author.locator('#text-en').fill('There is no water in calle Mayor tomorrow, from nine to eleven in the morning.');
  // A new post goes to the noticeboard in the languages of the house until somebody says otherwise.
  await expect(author.locator('.toggle[aria-pressed="true"]')).toHaveCount(2);
  await expect(author.locator('.compose-side')).toContainText('Mañana no hay agua');
  await expect(author.locator('.compose-side')).toContainText('There is no water');
  await expect(author.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await author.getByRole('button', { name: words('compose_submit'), exact: true }).click();
  await expect(author).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
  const id = author.url().split('/').pop()!;
  await expect(author.getByRole('button', { name: words('approvals_approve'), exact: true })).toHaveCount(0);

  const mayor = await as('approver', phone);
  await mayor.goto('/desk/approvals');
  await expect(mayor.getByRole('heading', { name: /Corte de agua en la calle Mayor|Water cut/ }).first()).toBeVisible();
  await expect(mayor.locator('.decision')).toContainText('de nueve a once de la mañana');
  const approve = mayor.getByRole('button', { name: words('approvals_approve'), exact: true });
  await expect(approve).toBeInViewport();
  expect((await approve.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await approve.click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  await author.goto(`/desk/posts/${id}`);
  await author.getByRole('button', { name: words('calendar_place') }).first().click();
  await author.locator('#place-at').fill(wallNow());
  await author.getByRole('button', { name: words('calendar_place_do'), exact: true }).click();
  await expect
    .poll(async () => (await request.get(`/${town.slug}/posts/${id}`)).status())
    .toBe(200);
  await author.reload();
  await expect(author.getByText(words('post_next_out'))).toBeVisible();
  await expect(author.getByText(words('post_receipt'), { exact: false }).first()).toBeAttached();

  const citizen = await author.context().browser()!.newContext({ javaScriptEnabled: false, baseURL: author.url().split('/desk')[0] });
  const page = await citizen.newPage();
  await page.goto(`/${town.slug}/`);
  await page.getByRole('link', { name: /Corte de agua en la calle Mayor|Water cut in calle Mayor/ }).first().click();
  // Both languages, side by side.
  await expect(page.getByText('de nueve a once de la mañana')).toBeVisible();
  await expect(page.getByText('from nine to eleven in the morning')).toBeVisible();
  await citizen.close();
});

test('a notice comes back with a comment and goes again', async ({ as, words }) => {
  const author = await as('author');
  await author.goto('/desk/posts/new');
  await author.locator('#title-es').fill('Pleno');
  await author.locator('#text-es').fill('El pleno es el jueves a las ocho.');
  await author.locator('.toggle').nth(1).click();
  await expect(author.locator('.toggle[aria-pressed="true"]')).toHaveCount(1);
  await author.getByRole('button', { name: words('compose_submit'), exact: true }).click();
  await expect(author).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
  const id = author.url().split('/').pop()!;

  const mayor = await as('approver', phone);
  await mayor.goto(`/desk/approvals?post=${id}`);
  await mayor.getByRole('button', { name: words('approvals_return'), exact: true }).click();
  await mayor.getByLabel(words('approvals_comment')).fill('Es el viernes.');
  await mayor.getByRole('button', { name: words('approvals_return_do'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  await author.goto(`/desk/posts/${id}/edit`);
  await expect(author.getByText('Es el viernes.')).toBeVisible();
  await author.locator('#text-es').fill('El pleno es el viernes a las ocho.');
  await author.getByRole('button', { name: words('compose_submit'), exact: true }).click();
  await expect(author).toHaveURL(new RegExp(`/desk/posts/${id}$`));
  await expect(author.getByText(words('post_next_review'))).toBeVisible();
});
