// Somebody outside approves on a phone without JavaScript, from the mail to the receipt, in their own language.
import type { APIRequestContext, Page } from '@playwright/test';
import { findings, over } from './axe';
import { ask, expect, newId, session, test, type Town } from './town';
import { wordsOf } from './words';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const SECRET = 'calle Mayor';

async function mails(request: APIRequestContext, to: string): Promise<{ subject: string; text: string }[]> {
  const answer = await request.get('/api/rehearsal/mailbox');
  return (await answer.json()).filter((mail: { to: string }) => mail.to === to);
}

const linkIn = (text: string) => /\/review\/[\w-]{43}/.exec(text)?.[0];
const codeIn = (text: string) => /\b\d{8}\b/.exec(text)?.[0];

async function lastCode(request: APIRequestContext, to: string): Promise<string> {
  const texts = (await mails(request, to)).map((mail) => codeIn(mail.text));
  return texts.find((code) => code !== undefined)!;
}

/** Everything goes through one person outside, who is spoken to in a language; then something waits. */
async function waiting(request: APIRequestContext, baseURL: string, town: Town, mailbox: string, language: string): Promise<string> {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL, of('administrator'));
  const standing = await ask(request, baseURL, administrator, 'GET', '/api/bylaws');
  const id = '00000000000000000000000042';
  const step = {
    id, name: 'Asesoría externa', quorum: { quorum: 'any' }, when: [], deadline: null, sight: { sight: 'everything' },
    seats: [{ party: { party: 'outside', mailbox }, places: 1, language }],
  };
  const options = { hats: 'once_a_round', duties: 'shared', again: 'everything' };
  const circuit = { id, version: 0, name: 'Con asesoría', steps: [step], options };
  const draft = { circuits: [circuit], rules: { rules: [], otherwise: id } };
  await ask(request, baseURL, administrator, 'PUT', '/api/bylaws/circuits', { version: standing.version, draft });
  const author = await session(request, baseURL, of('author'));
  const post = newId();
  const content = {
    kind: 'service', titles: { es: 'Corte de agua', en: 'Water cut' },
    texts: { es: `Mañana no hay agua en la ${SECRET}.\n\nHabrá cubas en la plaza: https://villa.example/agua`, en: `There is no water in ${SECRET} tomorrow.` },
    targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }],
  };
  await ask(request, baseURL, author, 'PUT', `/api/posts/${post}`, { version: 0, content });
  await ask(request, baseURL, author, 'POST', `/api/posts/${post}/submissions`, { version: 1 });
  return post;
}

/** axe needs a script, and this page has none: a twin of it, as it stands, is examined in a browser that runs one. */
async function examine(page: Page, name: string) {
  const html = await page.content();
  const context = await page.context().browser()!.newContext(phone);
  const twin = await context.newPage();
  await twin.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
  await twin.goto(page.url());
  for (const colorScheme of ['light', 'dark'] as const) {
    await twin.emulateMedia({ colorScheme });
    expect.soft(await findings(twin, { colours: colorScheme === 'dark' }), name).toEqual([]);
  }
  for (const width of [320, 390, 1440]) {
    await twin.setViewportSize({ width, height: 844 });
    expect.soft(await over(twin), `${name} is wider than ${width}`).toBeLessThanOrEqual(0);
  }
  await context.close();
}

for (const language of ['es', 'en']) {
  test(`somebody outside decides without a script (${language})`, async ({ browser, town, request, baseURL, as }) => {
    const words = wordsOf(language);
    const mailbox = `ana-${newId()}@agency.example`;
    const post = await waiting(request, baseURL!, town, mailbox, language);
    const [mail] = await mails(request, mailbox);
    expect(mail.text).not.toContain(SECRET);
    const context = await browser.newContext({ ...phone, baseURL, javaScriptEnabled: false, locale: 'de-DE' });
    const page = await context.newPage();
    await page.goto(linkIn(mail.text)!);
    await expect(page.getByRole('heading', { level: 1, name: words('outside_door_title') })).toBeVisible();
    expect(await page.content()).not.toContain(SECRET);
    await examine(page, 'the door');

    await page.getByRole('button', { name: words('outside_door_send') }).click();
    await page.getByLabel(words('outside_code_label')).fill('0000 0000');
    await page.getByRole('button', { name: words('outside_code_open') }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await examine(page, 'a wrong code');
    await page.getByLabel(words('outside_code_label')).fill(await lastCode(request, mailbox));
    await page.getByRole('button', { name: words('outside_code_open') }).click();

    await expect(page.getByRole('heading', { level: 1, name: 'Corte de agua' })).toBeVisible();
    await expect(page.getByText(SECRET).first()).toBeVisible();
    await examine(page, 'what waits');
    await page.getByText(words('outside_comments_write'), { exact: true }).click();
    await page.getByLabel(words('outside_comments_text')).fill('¿A qué hora vuelve el agua?');
    await page.getByRole('button', { name: words('outside_comments_send') }).click();
    await expect(page.getByText('¿A qué hora vuelve el agua?')).toBeVisible();

    // By keyboard alone: the choice, its reason, on.
    await page.getByRole('radio', { name: words('approvals_reserve') }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Que conste la hora.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: words('outside_confirm_title') })).toBeVisible();
    await expect(page.getByText('Que conste la hora.').first()).toBeVisible();
    await examine(page, 'the confirmation');
    await page.getByLabel(words('outside_code_label')).fill(await lastCode(request, mailbox));
    await page.getByRole('button', { name: words('outside_confirm'), exact: true }).click();

    await expect(page.getByRole('heading', { level: 1, name: words('outside_done_title') })).toBeVisible();
    await examine(page, 'the end');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: words('receipt_download') }).click(),
    ]);
    const receipt = await download.path();

    // Anybody verifies the file, in a browser that knows nothing of it.
    const stranger = await (await browser.newContext({ baseURL, locale: language })).newPage();
    await stranger.goto(`/verify?org=${town.slug}&lang=${language}`);
    await stranger.locator('#receipt').setInputFiles(receipt);
    await expect(stranger.locator('#verdict')).toHaveClass(/good/);
    await expect(stranger.getByText(words('outside_means'))).toBeVisible();
    await expect(stranger.locator('#checks-code')).toBeVisible();
    await expect(stranger.locator('#checks-passkey')).toBeHidden();

    await context.close();

    // The house sees who was asked, and the receipt says which it was.
    const author = await as('author');
    const house = wordsOf('es');
    await author.goto(`/desk/posts/${post}`);
    await expect(author.getByRole('heading', { name: house('outside_sent') })).toBeVisible();
    await expect(author.getByText(mailbox).first()).toBeVisible();
    await author.getByRole('link', { name: house('post_life_receipt'), exact: true }).click();
    await expect(author.getByText(house('outside_receipt_lead'))).toBeVisible();
  });
}

test('a member without a passkey at hand confirms with a code, and an address outside is drawn into a circuit', async ({ as, town, words, request, baseURL }) => {
  const mayor = await as('approver', phone);
  const protocol = await mayor.context().newCDPSession(mayor);
  await protocol.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const;
  const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', { options });
  await mayor.goto('/desk/devices');
  await mayor.getByRole('button', { name: words('devices_add'), exact: true }).first().click();
  await mayor.getByRole('dialog').getByRole('button', { name: words('entry_make_passkey'), exact: true }).click();
  await expect(mayor.getByText(words('devices_how_session'))).toBeVisible();
  // The device no longer knows its holder: the ceremony fails.
  await protocol.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });

  const author = await session(request, baseURL!, town.members.find(([role]) => role === 'author')![1]);
  const id = newId();
  const content = {
    kind: 'routine', titles: { es: 'Corte de agua' }, texts: { es: 'Mañana no hay agua en la calle Mayor.' },
    targets: [{ channel: town.noticeboard, languages: ['es'] }],
  };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
  await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });
  await mayor.goto(`/desk/approvals?post=${id}`);
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await mayor.getByRole('button', { name: words('outside_code_offer'), exact: true }).click();
  expect.soft(await findings(mayor)).toEqual([]);
  const administrator = await session(request, baseURL!, town.members.find(([role]) => role === 'administrator')![1]);
  const members = await ask(request, baseURL!, administrator, 'GET', '/api/members');
  const address = members.find((row: { role: string }) => row.role === 'approver').email;
  await mayor.getByLabel(words('outside_code_label')).fill(await lastCode(request, address));
  await mayor.getByRole('button', { name: words('outside_confirm'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();
  await mayor.goto(`/desk/posts/${id}`);
  await mayor.getByRole('link', { name: words('post_life_receipt'), exact: true }).click();
  await expect(mayor.getByText(words('outside_receipt_lead'))).toBeVisible();

  const secretary = await as('administrator');
  await secretary.goto('/desk/circuits');
  await secretary.getByLabel(words('circuits_seat')).first().selectOption({ label: words('outside_who') });
  await secretary.getByLabel(words('outside_mailbox')).fill('asesoria@agency.example');
  await secretary.getByLabel(words('outside_language')).selectOption({ index: 1 });
  await secretary.getByRole('button', { name: words('general_save'), exact: true }).first().click();
  await expect(secretary.getByText(words('general_saved'))).toBeVisible();
  const standing = await ask(request, baseURL!, administrator, 'GET', '/api/bylaws');
  const seats = standing.bylaws.circuits[0].steps[0].seats;
  expect(seats[0].party).toEqual({ party: 'outside', mailbox: 'asesoria@agency.example' });
  expect(seats[0].language).toBeTruthy();
});
