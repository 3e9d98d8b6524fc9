// An administrator keeps a campaign and a pillar and draws a rule for the campaign; whoever writes chooses them, sees who
// will have to agree, and the post says where it belongs.
import { findings, over } from './axe';
import { expect, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('a campaign is kept, chosen for a post and asked for by a rule', async ({ as, words }) => {
  const administrator = await as('administrator', phone);
  await administrator.goto('/desk/organisation');
  const section = administrator.locator('section', { has: administrator.getByRole('heading', { name: words('campaign_title'), exact: true }) });
  await expect(section.getByText(words('campaign_campaigns_none'))).toBeVisible();
  await section.getByLabel(words('campaign_new_campaign'), { exact: true }).fill('Recicla bien');
  await section.getByLabel(words('campaign_first')).fill('2026-03-01');
  await section.getByLabel(words('campaign_goal'), { exact: true }).fill('Menos vidrio en la basura');
  await section.getByLabel(words('campaign_budget'), { exact: true }).fill('1800');
  await section.getByRole('button', { name: words('campaign_add_campaign'), exact: true }).click();
  // What is typed into the other form meanwhile outlives the answer.
  await section.getByLabel(words('campaign_new_pillar'), { exact: true }).fill('Una villa limpia');
  await expect(section.locator('strong', { hasText: 'Recicla bien' })).toBeVisible();
  await expect(section.getByText(words('campaign_of_goal', { text: 'Menos vidrio en la basura' }))).toBeVisible();
  await section.getByRole('button', { name: words('campaign_add_pillar'), exact: true }).click();
  await expect(section.locator('strong', { hasText: 'Una villa limpia' })).toBeVisible();
  // Another of that name is refused in words, and what was typed stays.
  await section.getByLabel(words('campaign_new_campaign'), { exact: true }).fill('RECICLA BIEN');
  await section.getByRole('button', { name: words('campaign_add_campaign'), exact: true }).click();
  await expect(section.getByText(words('refusal_doubled_what', { field: words('field_name') }))).toBeVisible();
  await expect(section.getByLabel(words('campaign_new_campaign'), { exact: true })).toHaveValue('RECICLA BIEN');
  // Its own websites: what is no host is said, what somebody has at hand is taken.
  const marks = administrator.locator('form', { has: administrator.getByRole('heading', { name: words('utm_title'), exact: true }) });
  const websites = marks.getByLabel(words('utm_sites'), { exact: true });
  await websites.fill('villa');
  await expect(marks.getByText(words('utm_no_host', { text: 'villa' }))).toBeVisible();
  await websites.fill('https://Villa.example/agenda');
  await marks.getByLabel(words('utm_usual')).check();
  await marks.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(websites).toHaveValue('villa.example');
  await section.locator('summary').first().click();
  expect(await findings(administrator)).toEqual([]);
  expect(await over(administrator)).toBeLessThanOrEqual(0);

  // A rule looks at it: the condition is a sentence with its name.
  await administrator.goto('/desk/circuits');
  await administrator.getByText(words('circuits_condition_new')).first().click();
  const conditions = administrator.locator('.conditions').first();
  await conditions.getByLabel(words('circuits_rule_if')).selectOption('campaign');
  await conditions.getByLabel('Recicla bien').check();
  await conditions.getByRole('button', { name: words('circuits_condition_add'), exact: true }).click();
  const sentence = words('choice_campaigns_any', { list: words('choice_quoted', { name: 'Recicla bien' }) });
  await expect(conditions.locator('.line-main').first()).toContainText(sentence);

  const author = await as('author', phone);
  await author.goto('/desk/posts/new');
  const campaign = author.locator('#campaign');
  await expect(campaign).toBeDisabled();
  await author.locator('#title-es').fill('Aceite');
  await author.locator('#text-es').fill('Lleve el aceite usado al punto limpio.');
  await author.locator('.toggle').nth(1).click();
  await expect(campaign).toBeEnabled();
  await campaign.selectOption({ label: 'Recicla bien' });
  // The links to those websites are marked, and the marks follow the campaign.
  await expect(author.locator('#utm-hint')).toContainText('utm_campaign=recicla-bien');
  await expect(author.getByLabel(words('utm_switch'), { exact: true })).toBeChecked();
  await author.locator('#pillar').selectOption({ label: 'Una villa limpia' });
  const id = author.url().split('/').at(-2)!;
  // It is stored by itself: a reload finds it.
  await expect(author.locator('#pillar')).toBeEnabled();
  await expect(author.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await author.reload();
  await expect(author.locator('#utm-hint')).toContainText('utm_campaign=recicla-bien');
  await expect(campaign.locator('option:checked')).toHaveText('Recicla bien');
  await expect(author.locator('#pillar option:checked')).toHaveText('Una villa limpia');
  expect(await findings(author)).toEqual([]);
  await author.getByRole('button', { name: words('compose_submit'), exact: true }).click();
  await expect(author).toHaveURL(new RegExp(`/desk/posts/${id}$`));
  await expect(author.locator('.post-facts').first()).toContainText(words('campaign_of_post', { name: 'Recicla bien' }));
  await expect(author.locator('.post-facts').first()).toContainText(words('campaign_pillar_of_post', { name: 'Una villa limpia' }));

  // What waits is not put elsewhere.
  await author.goto(`/desk/posts/${id}/edit`);
  await expect(campaign).toBeDisabled();
  await expect(author.getByText(words('campaign_choose_fixed'))).toBeVisible();

  // Over, it is said so where it is named, and chosen no more.
  await administrator.goto('/desk/organisation');
  await section.getByRole('button', { name: `${words('campaign_archive')}: Recicla bien` }).click();
  await expect(section.getByText(words('campaign_archived'), { exact: true })).toBeVisible();
  await author.goto('/desk/posts/new');
  await expect(author.locator('#pillar')).toBeVisible();
  await expect(author.locator('#campaign')).toHaveCount(0);
  await author.goto(`/desk/posts/${id}`);
  await expect(author.locator('.post-facts').first()).toContainText(words('campaign_named_archived', { name: 'Recicla bien' }));
});
