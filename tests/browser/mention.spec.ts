// The book of who is mentioned: somebody is added with their accounts, named in a text by the first letters and by a button, by keys and
// by thumb; the previews show what will stand on each network, and a name that nobody has stops the post.
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('somebody of the book is named once, and mentioned as each network does', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const byHand = (on: string, name: string) =>
    ask(request, baseURL!, administrator, 'POST', '/api/channels', { network: 'assisted', on, channel: null, name, handle: 'villa', address: null });
  const [{ channel: x }, { channel: whatsapp }] = [await byHand('x', 'La X'), await byHand('whatsapp', 'El canal')];

  // The book, from a phone.
  const keeper = await as('author', phone);
  await keeper.goto('/desk/texts?view=contacts');
  await keeper.getByRole('button', { name: words('contacts_new'), exact: true }).click();
  const form = keeper.locator('section', { has: keeper.locator('#new-contact') });
  await form.getByLabel(words('contacts_name'), { exact: true }).fill('Cruz Roja');
  const account = form.getByLabel(words('network_x'), { exact: true });
  await account.fill('cruz.roja');
  await form.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(form.getByText(words('contacts_wrong', { network: words('network_x') }))).toBeVisible();
  await expect(account).toBeFocused();
  expect(await findings(keeper)).toEqual([]);
  await account.fill('https://x.com/CruzRoja');
  await form.getByRole('button', { name: words('general_save'), exact: true }).click();
  const line = keeper.locator('.texts .lines > li', { hasText: 'Cruz Roja' });
  await expect(line).toContainText('X @CruzRoja');
  expect(await over(keeper)).toBeLessThanOrEqual(0);

  const post = newId();
  const targets = [x.id, whatsapp.id].map((channel: string) => ({ channel, languages: ['es'] }));
  const content = { kind: 'routine', texts: { es: 'Feria.' }, targets };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  // By keys: the first letters, down into the list, and back in the text behind the mark.
  const page = await as('author');
  await page.goto(`/desk/posts/${post}/edit`);
  const text = page.locator('#text-es');
  const panel = page.locator('#panel-es');
  await text.fill('');
  await text.pressSequentially('Con @cru');
  const option = panel.getByRole('option', { name: /Cruz Roja/ });
  await expect(option).toHaveAttribute('aria-selected', 'true');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await expect(panel.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(text).toHaveValue('Con @[Cruz Roja]');
  await expect(text).toBeFocused();
  // The keys for it take it back: what was typed of the name stands there again.
  await page.keyboard.press('ControlOrMeta+z');
  await expect(text).toHaveValue('Con @cru');
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(text).toHaveValue('Con @[Cruz Roja]');
  await page.keyboard.press('End');
  await page.keyboard.type('.');
  await expect(text).toHaveValue('Con @[Cruz Roja].');
  await expect(panel.getByRole('listbox')).toHaveCount(0);
  const shown = (name: string) => page.locator('.destination', { hasText: name });
  await expect(shown('La X')).toContainText('Con @CruzRoja.');
  await expect(shown('El canal')).toContainText('Con Cruz Roja.');
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  const stored = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(stored.post.content.contacts).toBe('Cruz Roja\nx CruzRoja');
  expect(stored.post.content.texts.es).toBe('Con @[Cruz Roja].');

  // Whom nobody knows stops it, and that is said.
  await text.fill('Con @[Cruz Roja] y @[Cruz Verde].');
  const unknown = page.locator('.finding-block').getByText(words('rule_contact_advice'));
  await expect(unknown).toBeVisible();
  await text.fill('Con @[Cruz Roja].');
  await expect(unknown).toHaveCount(0);

  // By the button and the thumb.
  const thumb = await as('author', phone);
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await thumb.goto(`/desk/posts/${post}/edit`);
  const mine = thumb.locator('#panel-es');
  await mine.getByRole('button', { name: words('contacts_pick'), exact: true }).tap();
  await expect(mine.getByRole('combobox')).toBeFocused();
  await mine.getByRole('combobox').fill('nadie');
  await expect(mine.getByText(words('contacts_pick_none'))).toBeVisible();
  expect(await findings(thumb)).toEqual([]);
  await mine.getByRole('combobox').fill('roja');
  await mine.getByRole('option', { name: /Cruz Roja/ }).tap();
  await expect(thumb.locator('#text-es')).toHaveValue(/@\[Cruz Roja\].*@\[Cruz Roja\]/);
  expect(await over(thumb)).toBeLessThanOrEqual(0);

  // Who is taken away is told by what names them.
  await keeper.reload();
  await line.getByText(words('contacts_change'), { exact: true }).click();
  await line.getByRole('button', { name: new RegExp(words('contacts_drop')) }).click();
  const dialog = keeper.getByRole('dialog');
  await expect(dialog).toContainText(words('contacts_drop_text', { name: 'Cruz Roja' }));
  await expect(dialog).toContainText('Con Cruz Roja');
  await dialog.getByRole('button', { name: words('contacts_drop'), exact: true }).click();
  await expect(keeper.getByText(words('contacts_empty_title'))).toBeVisible();
});

test('a first comment names whoever is in the book as a text does', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const connect = { network: 'assisted', on: 'instagram', channel: null, name: 'Nuestra cuenta', handle: 'villa', address: null };
  const { channel: instagram } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);
  const keep = (name: string, accounts: Record<string, string>) =>
    ask(request, baseURL!, author, 'PUT', `/api/contacts/${newId()}`, { version: 0, body: { name, accounts } });
  await keep('Cruz Roja', { instagram: 'cruzroja.es' });
  await keep('Protección Civil', {});
  const post = newId();
  const content = { kind: 'routine', texts: { es: 'Feria.' }, targets: [{ channel: instagram.id, languages: ['es'] }] };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  const page = await as('author');
  await page.goto(`/desk/posts/${post}/edit`);
  const comment = page.locator('#comment-es');
  const field = page.locator('.field', { has: comment });
  await comment.pressSequentially('Con @cru');
  await expect(field.getByRole('option', { name: /Cruz Roja/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(comment).toHaveValue('Con @[Cruz Roja]');
  await expect(comment).toBeFocused();
  const shown = page.locator('.preview-comment');
  await expect(shown).toContainText('Con @cruzroja.es');
  // Whoever has no account there is read by the plain name, and that is said beside the comment.
  await page.keyboard.type(' y ');
  await field.getByRole('button', { name: words('contacts_pick'), exact: true }).click();
  await field.getByRole('combobox').fill('civil');
  await expect(field.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(comment).toHaveValue('Con @[Cruz Roja] y @[Protección Civil]');
  await expect(shown).toContainText('Con @cruzroja.es y Protección Civil');
  const section = page.getByRole('region', { name: words('comment_title'), exact: true });
  await expect(section.locator('.finding-warn', { hasText: 'Protección Civil' })).toContainText(words('rule_account_advice'));
  expect(await findings(page)).toEqual([]);
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  const stored = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(stored.post.content.contacts).toBe('Cruz Roja\ninstagram cruzroja.es\n\nProtección Civil');
  expect(stored.post.content.comments.es).toBe('Con @[Cruz Roja] y @[Protección Civil]');
});
