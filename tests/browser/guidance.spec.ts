// An administrator writes advice, a checklist and a step that is asked only where money is spoken of; whoever writes sees
// what the text speaks of and ticks; whoever approves ticks; what was ticked is shown on the post.
import { findings } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('what the organisation asks is written, ticked by both sides and kept', async ({ as, town, words, request, baseURL }) => {
  const administrator = await as('administrator');
  await administrator.goto('/desk/circuits?view=guidance');
  const form = administrator.locator('form.guidance');
  await form.getByRole('button', { name: words('guide_advice_add'), exact: true }).click();
  await form.locator('.guidance-line').nth(0).locator('input[type=text]').first().fill('La fecha, en la primera frase.');
  await form.getByRole('button', { name: words('guide_item_add'), exact: true }).click();
  const item = form.locator('.guidance-line').nth(1);
  await item.locator('input[type=text]').first().fill('Contrastado con el área.');
  await item.getByLabel(words('guide_who'), { exact: true }).selectOption('both');
  await item.getByLabel(words('guide_required_label')).check();
  await form.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(administrator.getByText(words('general_saved'))).toBeVisible();
  await expect(form.getByText(words('guide_version', { version: '1' }))).toBeVisible();
  expect(await findings(administrator)).toEqual([]);

  const author = await as('author');
  await author.goto('/desk/posts/new');
  await author.locator('#title-es').fill('Feria');
  await author.locator('#text-es').fill('La entrada de la feria cuesta 12 euros.');
  await author.locator('.toggle').nth(1).click();
  const side = author.locator('.compose-side');
  await expect(side.getByText('12 euros')).toHaveCount(2); // The preview, and the words that it is known by.
  await expect(side.getByText('La fecha, en la primera frase.')).toBeVisible();
  await side.getByRole('button', { name: new RegExp(words('guide_not_so')) }).click();
  await side.getByLabel(words('guide_not_so_reason')).fill('Es el lema de la feria.');
  await side.getByRole('button', { name: words('guide_not_so_do'), exact: true }).click();
  await expect(side.getByText(words('guide_said_not_counts'))).toBeVisible();
  const submit = author.getByRole('button', { name: words('compose_submit'), exact: true });
  await expect(submit).toBeDisabled();
  await author.locator('.checklist').getByLabel('Contrastado con el área.').check();
  await expect(submit).toBeEnabled();
  expect(await findings(author)).toEqual([]);
  await submit.click();
  await expect(author).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
  const id = author.url().split('/').pop()!;

  const mayor = await as('approver', phone);
  await mayor.goto('/desk/approvals');
  await expect(mayor.locator('.spoken')).toContainText('Es el lema de la feria.');
  const approve = mayor.getByRole('button', { name: words('approvals_approve'), exact: true });
  await approve.click();
  await expect(mayor.getByRole('alert')).toContainText('Contrastado con el área.');
  const tick = mayor.locator('.checklist').getByLabel('Contrastado con el área.');
  expect((await mayor.locator('.checklist .check').first().boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await tick.check();
  await expect(mayor.getByRole('alert')).toHaveCount(0);
  await approve.click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  await author.goto(`/desk/posts/${id}`);
  await expect(author.locator('.gone-through > li')).toHaveCount(2);
  await expect(author.locator('.gone-through')).toContainText(words('guide_ticked'));
  const mine = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const view = await ask(request, baseURL!, mine, 'GET', `/api/posts/${id}`);
  expect(view.checks.map((one: { side: string }) => one.side)).toEqual(['author', 'approver']);
});

test('a step is asked only if, a rule of two conditions is a sentence, and one that matches everything is said', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL!, of('author'));
  // Something to try it on.
  for (const text of ['Mañana hay mercado.', 'La entrada cuesta 12 euros.']) {
    const id = newId();
    const content = { kind: 'routine', titles: { es: 'Aviso' }, texts: { es: text }, targets: [{ channel: town.noticeboard, languages: ['es'] }] };
    await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
    await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });
  }
  const page = await as('administrator');
  await page.goto('/desk/circuits');
  const circuit = page.locator('.circuit').first();
  await circuit.getByRole('button', { name: words('circuits_step_add'), exact: true }).click();
  const second = circuit.locator('.circuit-step').nth(1);
  await second.getByLabel(words('circuits_seat'), { exact: true }).selectOption({ label: words('circuits_party_role', { role: words('role_administrator_name') }) });
  await second.getByText(words('circuits_condition_new')).click();
  await second.getByLabel(words('circuits_rule_if'), { exact: true }).selectOption('matter');
  await second.getByLabel(words('choice_matter_money'), { exact: true }).check();
  await second.getByRole('button', { name: words('circuits_condition_add'), exact: true }).click();
  await expect(second.locator('.step-when > p')).toContainText('Solo si habla de cantidades de dinero.');
  await expect(second.locator('.step-when > p')).toContainText(words('circuits_asked_of', { asked: '1', of: '2' }));
  await expect(page.getByText(words('circuits_trial', { of: '2', changed: '1' }))).toBeVisible();

  // A second circuit, a rule of two conditions for it.
  await page.getByRole('button', { name: words('circuits_add'), exact: true }).click();
  const rule = page.locator('.rule-new');
  const condition = async (facet: string, what: string) => {
    const details = rule.locator('details');
    if ((await details.getAttribute('open')) === null) await rule.getByText(words('circuits_condition_new')).click();
    await rule.getByLabel(words('circuits_rule_if'), { exact: true }).selectOption(facet);
    await rule.getByLabel(what, { exact: true }).check();
    await rule.getByRole('button', { name: words('circuits_condition_add'), exact: true }).click();
  };
  await condition('kind', words('kind_legal_name'));
  await condition('matter', words('choice_matter_works'));
  await rule.getByRole('button', { name: words('circuits_rule_add'), exact: true }).click();
  const line = page.locator('.rule-item').first();
  await expect(line.locator('.line-main').first()).toContainText('y habla de obras públicas');
  const save = page.locator('.circuits fieldset').first().getByRole('button', { name: words('general_save'), exact: true });
  await expect(save).toBeEnabled();

  // Taken away one by one, the rule matches everything: that is said, and not saved.
  await line.getByText(words('circuits_rule_change')).click();
  for (let left = 2; left > 0; left -= 1) {
    await line.locator('.conditions > .lines > li button').first().click();
  }
  await expect(page.getByText(words('flaw_matches_everything_what'))).toBeVisible();
  await expect(save).toBeDisabled();
  expect(await findings(page)).toEqual([]);
  await line.getByRole('button', { name: words('general_remove'), exact: true }).first().click();
  await expect(save).toBeEnabled();
  await save.click();
  await expect(page.getByText(words('general_saved'))).toBeVisible();
  await page.reload();
  await expect(page.locator('.circuit-step').nth(1).locator('.step-when > p')).toContainText('Solo si habla');
});
