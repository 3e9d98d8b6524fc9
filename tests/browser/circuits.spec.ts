// An administrator draws a circuit of two steps; a post then waits for both, and the page says for whom.
import { ask, expect, newId, session, test } from './town';

test('a circuit is drawn, tried and obeyed', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await as('administrator');
  await administrator.goto('/desk/circuits');
  await expect(administrator.getByRole('heading', { level: 1, name: words('circuits_title') })).toBeVisible();
  const save = administrator.locator('.circuits fieldset').first().getByRole('button', { name: words('general_save'), exact: true });
  await expect(save).toBeDisabled();
  await administrator.getByLabel(words('circuits_name')).fill('Con intervención');
  await administrator.getByLabel(words('circuits_step_name')).fill('Intervención');
  await administrator.getByRole('button', { name: words('circuits_step_add'), exact: true }).click();
  const steps = administrator.locator('.circuit-step');
  await expect(steps).toHaveCount(2);
  // The first step is the administration's alone, the second the mayor's.
  await steps.nth(0).getByRole('button', { name: words('general_remove'), exact: true }).first().click();
  await steps.nth(0).getByLabel(words('circuits_seat'), { exact: true }).selectOption({ label: `${words('circuits_party_role').replace('{role}', words('role_administrator_name'))}` });
  await steps.nth(1).getByLabel(words('circuits_step_name')).fill('Alcaldía');
  await expect(administrator.getByText(words('circuits_trial_none'))).toBeVisible();
  await save.click();
  await expect(administrator.getByText(words('general_saved'))).toBeVisible();
  await administrator.reload();
  await expect(administrator.getByRole('heading', { name: 'Con intervención' })).toBeVisible();
  await expect(steps).toHaveCount(2);

  const author = await session(request, baseURL!, of('author'));
  const id = newId();
  const content = { kind: 'routine', titles: { es: 'Pleno' }, texts: { es: 'El pleno es el jueves.' }, targets: [{ channel: town.noticeboard, languages: ['es'] }] };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });
  await administrator.goto('/desk/approvals');
  await administrator.getByRole('button', { name: words('approvals_reserve'), exact: true }).click();
  await administrator.getByLabel(words('approvals_reservation')).fill('Que conste la hora.');
  await administrator.getByRole('button', { name: words('approvals_reserve_do'), exact: true }).click();
  await expect(administrator.getByText(words('approvals_empty_title'))).toBeVisible();
  const mayor = await session(request, baseURL!, of('approver'));
  const half = await ask(request, baseURL!, mayor, 'GET', `/api/posts/${id}`);
  expect(half.post.stage.stage).toBe('in_review');
  const choice = { decision: 'approve' };
  const whole = await ask(request, baseURL!, mayor, 'POST', `/api/posts/${id}/decisions`, { content_hash: waiting.content_hash, choice });
  expect(whole.post.stage.stage).toBe('approved');
});
