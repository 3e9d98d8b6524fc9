// An administrator says whom the town speaks to and how often; whoever writes sees what is missing, writes it from there, and
// the plan counts it. Other weeks have their address.
import { findings, over } from './axe';
import { ask, day, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('a promise is made, its gap is written from the plan, and the plan counts it', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const keeper = await session(request, baseURL!, of('administrator'));
  await ask(request, baseURL!, keeper, 'PUT', `/api/pillars/${newId()}`, { version: 0, name: 'Movilidad' });

  // Nobody who cannot make one is offered to.
  const author = await as('author');
  await author.goto('/desk/plan');
  await expect(author.getByText(words('promise_empty_title'))).toBeVisible();
  await expect(author.getByRole('button', { name: words('promise_empty_do') })).toHaveCount(0);

  const administrator = await as('administrator', phone);
  await administrator.goto('/desk/plan');
  await administrator.getByRole('button', { name: words('promise_empty_do'), exact: true }).click();
  await expect(administrator.locator('#new-promise')).toBeFocused();
  const form = administrator.locator('#new-promise');
  await form.getByLabel(words('promise_count')).fill('2');
  await form.getByRole('button', { name: words('promise_add'), exact: true }).click();
  const section = (title: string) => administrator.locator('section', { has: administrator.getByRole('heading', { name: words(title), exact: true }) });
  await expect(section('promise_list').locator('.lines strong')).toHaveCount(1);
  // Another of the same is refused in words.
  await form.getByRole('button', { name: words('promise_add'), exact: true }).click();
  await expect(section('promise_list').getByText(words('refusal_doubled_what', { field: words('field_promises') }))).toBeVisible();
  await form.getByLabel(words('promise_pillar')).selectOption({ label: 'Movilidad' });
  await form.getByRole('button', { name: words('promise_add'), exact: true }).click();
  await expect(section('promise_list').locator('.lines strong')).toHaveCount(2);
  const people = section('audience_title');
  await people.getByLabel(words('audience_new'), { exact: true }).fill('Personas mayores');
  await people.getByLabel(words('audience_needs'), { exact: true }).fill('Letra grande');
  await people.getByRole('button', { name: words('audience_add'), exact: true }).click();
  await expect(people.locator('strong', { hasText: 'Personas mayores' })).toBeVisible();
  const sentences = section('message_title');
  await sentences.getByLabel(words('message_new'), { exact: true }).fill('La línea 3 llega al hospital.');
  await sentences.getByLabel(words('message_pillar'), { exact: true }).selectOption({ label: 'Movilidad' });
  await sentences.getByRole('button', { name: words('message_add'), exact: true }).click();
  await expect(sentences.locator('strong', { hasText: 'La línea 3 llega al hospital.' })).toBeVisible();
  await section('promise_list').locator('summary').first().click();
  expect(await findings(administrator)).toEqual([]);
  expect(await over(administrator)).toBeLessThanOrEqual(0);

  // The gap about mobility is written from there: the composer knows where and about what.
  await author.goto(`/desk/plan?week=${day(0)}`);
  const gaps = author.getByRole('link', { name: words('promise_write') });
  const line = author.locator('.plan li', { hasText: 'Movilidad' }).filter({ has: author.locator('.plan-bar') }).first();
  await expect(line).toContainText(words('promise_none'));
  await expect(author.locator('.plan-said li')).toContainText(words('message_said_none'));
  await expect(gaps.first()).toBeVisible();
  await line.getByRole('link', { name: words('promise_write') }).click();
  await expect(author).toHaveURL(/\/edit\?/);
  await author.locator('#title-es').fill('Nueva línea de autobús');
  await author.locator('#text-es').fill('La línea 3 llega al hospital desde el lunes.');
  await expect(author.locator('#pillar option:checked')).toHaveText('Movilidad');
  await expect(author.locator('#pillar')).toBeEnabled();
  await expect(author.locator('.belongs-says')).toHaveText([words('audience_says_no_audience'), words('message_says_none')]);
  await author.locator('#audience').selectOption({ label: 'Personas mayores' });
  await expect(author.locator('#key-message')).toBeEnabled();
  await author.locator('#key-message').selectOption({ label: 'La línea 3 llega al hospital.' });
  await expect(author.locator('.belongs-says')).toHaveCount(0);
  await expect(author.getByText(words('audience_needs_here', { name: 'Personas mayores', needs: 'Letra grande' }))).toBeVisible();
  // It is stored with the post: a reload finds it.
  await expect(author.locator('#audience')).toBeEnabled();
  await author.reload();
  await expect(author.locator('#pillar option:checked')).toHaveText('Movilidad');
  await expect(author.locator('#audience option:checked')).toHaveText('Personas mayores');
  await expect(author.locator('#key-message option:checked')).toHaveText('La línea 3 llega al hospital.');
  expect(await findings(author)).toEqual([]);

  // Planned for next week, it fills the gap there, and is said to be no more than planned.
  const id = /posts\/(\w+)\/edit/.exec(author.url())![1];
  const writer = await session(request, baseURL!, of('author'));
  const view = await ask(request, baseURL!, writer, 'GET', `/api/posts/${id}`);
  await ask(request, baseURL!, writer, 'PUT', `/api/posts/${id}/slot`, { version: view.post.version, civil: `${day(7)}T12:00:00` });
  await author.goto(`/desk/plan?week=${day(7)}`);
  await expect(line).toContainText(words('promise_wished_one'));
  await expect(author.locator('.plan-covers')).toContainText('Movilidad');
  await expect(author.locator('.plan-said li')).toContainText(words('message_said_chip'));
  expect(await findings(author)).toEqual([]);
  await author.getByRole('link', { name: words('promise_see') }).first().click();
  await expect(author).toHaveURL(/calendar\?week=\d{4}-W\d\d&channel=/);
  await expect(author.locator('.calendar-main .slip-heading', { hasText: 'Nueva línea de autobús' })).toBeVisible();
  await author.goBack();
  await author.getByRole('link', { name: words('promise_later'), exact: true }).click();
  await expect(line).toContainText(words('promise_none'));

  // Taken back, it is asked about first.
  await administrator.reload();
  const drop = section('promise_list').getByRole('button', { name: words('promise_drop') });
  await drop.first().click();
  await administrator.getByRole('dialog').getByRole('button', { name: words('promise_drop'), exact: true }).click();
  await expect(section('promise_list').locator('.lines strong')).toHaveCount(1);
});
