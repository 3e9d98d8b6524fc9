// The approver's own page on a phone, with coverage and without: two taps and the passkey, what is kept and what is wiped,
// what is sent later, and what is refused then.
import type { APIRequestContext, BrowserContextOptions, Page } from '@playwright/test';
import { authenticator, enrol } from './authenticator';
import { findings, over } from './axe';
import { ask, expect, newId, session, test, type Town } from './town';

// Its worker is what opens it without coverage.
test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, serviceWorkers: 'allow' });

const WATER = 'Mañana no hay agua en la calle Mayor.';
const LIGHT = 'El martes no hay luz en la plaza.';
// What is fetched while somebody reads, as it is called with the hash of its build.
const HANDS = /\/decide\/split_hands-/;
const PICTURE = 'Una valla en la calle Mayor.';

async function examine(page: Page, where: string) {
  expect.soft(await findings(page), where).toEqual([]);
  expect.soft(await over(page), `${where} is wider than its screen`).toBeLessThanOrEqual(0);
}

type Asking = { request: APIRequestContext; baseURL: string | undefined; town: Town };

const of = (town: Town, role: string) => town.members.find(([name]) => name === role)![1];

function content(town: Town, text: string, pictures: unknown[] = []) {
  return { kind: 'routine', titles: { es: text.slice(0, 20) }, texts: { es: text }, pictures, targets: [{ channel: town.noticeboard, languages: ['es'] }] };
}

const writers = new Map<string, Promise<string>>();

/** The author's session, one for all of a journey: nothing here ends it. */
function writer({ request, baseURL, town }: Asking): Promise<string> {
  const member = of(town, 'author');
  const opened = writers.get(member) ?? session(request, baseURL!, member);
  writers.set(member, opened);
  return opened;
}

/** A post that waits for a decision, written past the desk. */
async function waiting({ request, baseURL, town }: Asking, text: string, pictures: unknown[] = []): Promise<string> {
  const author = await writer({ request, baseURL, town });
  const id = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content: content(town, text, pictures) });
  await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });
  return id;
}

/** Changes a post that waits, and sends it again. */
async function change({ request, baseURL, town }: Asking, id: string, text: string) {
  const author = await writer({ request, baseURL, town });
  const now = await ask(request, baseURL!, author, 'GET', `/api/posts/${id}`);
  const saved = await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: now.post.version, content: content(town, text) });
  await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: saved.post.version });
}

async function stage({ request, baseURL, town }: Asking, id: string): Promise<string> {
  const author = await writer({ request, baseURL, town });
  return (await ask(request, baseURL!, author, 'GET', `/api/posts/${id}`)).post.stage.stage;
}

/** The mayor's phone: signed in, with a passkey. */
async function phone(as: (role: string, options?: BrowserContextOptions) => Promise<Page>, options: BrowserContextOptions = {}): Promise<Page> {
  const mayor = await as('approver', options);
  // Only the page's network is cut here. The browser has its own, and would wake the worker to send what waits.
  await mayor.addInitScript(() => {
    (window as any).SyncManager.prototype.register = async () => {};
  });
  await authenticator(mayor);
  await mayor.goto('/decide/');
  await expect(mayor.locator('h1')).toBeVisible();
  await enrol(mayor);
  return mayor;
}

/** Opens the page so that it can be opened again without a network: its worker is in charge, and what waits is kept. */
async function installed(page: Page, address: string, count: number) {
  await page.goto(address);
  await expect(page.locator('.decision')).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(async () => {
    const own = await page.evaluate(() => navigator.serviceWorker.controller !== null);
    // A page that was on its way while the worker began is not its own until it is opened again.
    if (!own) await page.reload();
    return own;
  }).toBe(true);
  await expect.poll(async () => (await kept(page)).filter(({ name }) => name === 'waiting' || name.startsWith('picture')).length).toBe(count);
}

/** Everything that lies in the page's database, as it lies there: bytes as text. */
function kept(page: Page): Promise<{ name: string; raw: string }[]> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) => new Promise<T>((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    if (!(await indexedDB.databases()).some(({ name }) => name === 'pregon-decide')) return [];
    const opening = indexedDB.open('pregon-decide');
    // It may have gone meanwhile, and is not made anew by who only looks.
    opening.onupgradeneeded = () => opening.transaction!.abort();
    const database = await settled(opening).catch(() => null);
    if (!database) return [];
    const all: any[] = await settled(database.transaction('kept').objectStore('kept').getAll());
    const keys: any[] = await settled(database.transaction('keys').objectStore('keys').getAll());
    database.close();
    const plain = (value: unknown): string => (value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder('latin1').decode(value as any) + new TextDecoder().decode(value as any) : String(value));
    const things = all.map((one) => ({ name: one.name, raw: Object.values(one).map(plain).join('\n') }));
    return [...things, ...keys.map((key) => ({ name: 'key', raw: `${key.extractable}` }))];
  });
}

for (const locale of ['es-ES', 'en-GB']) {
  test.describe(locale, () => {
    test.use({ locale });

    test(`two taps and the passkey, ${locale}`, async ({ as, words, request, baseURL, town }) => {
      const asking = { request, baseURL, town };
      const mayor = await phone(as);
      const id = await waiting(asking, WATER);
      await waiting(asking, LIGHT);
      const sent: string[] = [];
      mayor.on('request', (one) => one.method() === 'POST' && one.url().endsWith('/decisions') && sent.push(one.postData() ?? ''));
      // One: the notice.
      await mayor.goto(`/decide/?post=${id}`);
      await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
      await expect(mayor.getByRole('status').first()).toHaveText(words('approvals_left_other', { n: '2' }));
      const approve = mayor.getByRole('button', { name: words('approvals_approve'), exact: true });
      await expect(approve).toBeInViewport();
      expect((await approve.boundingBox())!.height).toBeGreaterThanOrEqual(44);
      // What is heard, in this order: whose, how many, what, how it will look, when, what the rules say, who must agree, and
      // only then the buttons.
      await expect(mayor.locator('body')).toMatchAriaSnapshot(`
        - banner:
          - button "${words('frame_own')}"
        - main:
          - heading "${words('decide_heading')}" [level=1]
          - status
          - article:
            - heading "${WATER.slice(0, 20).trim()}" [level=2]
            - heading "${words('decide_when')}" [level=3]
            - heading "${words('decide_agree')}" [level=3]
          - button "${words('approvals_approve')}"
          - button "${words('approvals_return')}"
          - button "${words('decide_ask')}"
          - button "${words('approvals_reserve')}"
          - button "${words('approvals_later')}"
      `);
      await examine(mayor, 'one to decide');
      // Two: the button. The passkey does the rest.
      await approve.click();
      await expect(mayor.getByText(words('approvals_approved'))).toBeVisible();
      expect(sent).toHaveLength(1);
      expect(JSON.parse(sent[0]).signed.statement).toContain(id);
      await expect.poll(() => stage(asking, id)).toBe('approved');
      // The next one is there, and the focus is at its start.
      await expect(mayor.locator('.decision .preview-text')).toHaveText(LIGHT);
      await mayor.getByRole('button', { name: words('approvals_return'), exact: true }).click();
      await examine(mayor, 'returning');
      await mayor.getByLabel(words('approvals_comment')).fill('Es el miércoles.');
      await mayor.getByRole('button', { name: words('approvals_return_do'), exact: true }).click();
      await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();
      await examine(mayor, 'nothing to decide');
    });

    test(`without coverage and back, ${locale}`, async ({ as, words, request, baseURL, town }) => {
      const asking = { request, baseURL, town };
      const mayor = await phone(as);
      const author = await as('author');
      await author.goto('/decide/');
      const picture = await author.evaluate(async (alt) => {
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [320, 200];
        canvas.getContext('2d')!.fillRect(20, 20, 100, 100);
        const blob = await new Promise<Blob>((done) => canvas.toBlob((made) => done(made!), 'image/png'));
        const bytes = await blob.arrayBuffer();
        const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        const headers = { 'x-pregon': '1', 'content-type': 'image/png', 'x-pregon-sha256': hash, 'x-pregon-name': 'valla.png' };
        const stored = await (await fetch('/api/media', { method: 'POST', headers, body: bytes })).json();
        const { id: media, mime, bytes: size, width, height, hash: own } = stored;
        return { media, hash: own, mime, bytes: size, width, height, alt: { es: alt } };
      }, PICTURE);
      const first = await waiting(asking, WATER, [picture]);
      const second = await waiting(asking, LIGHT);
      await installed(mayor, `/decide/?post=${first}`, 2);
      await mayor.context().setOffline(true);
      await mayor.reload();
      await expect(mayor.getByText(words('decide_offline'))).toBeVisible();
      await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
      await expect.poll(() => mayor.locator('.preview-picture img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320);
      await expect(mayor.getByText(PICTURE)).toBeVisible();
      await examine(mayor, 'without coverage');
      await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
      await expect(mayor.getByText(words('decide_unsent_one'))).toBeVisible();
      await examine(mayor, 'one not sent');
      // It stays prominent, also when the page is opened again.
      await mayor.goto('/decide/');
      await expect(mayor.getByText(words('decide_unsent_one'))).toBeVisible();
      await expect(mayor.locator('.decision .preview-text')).toHaveText(LIGHT);
      await mayor.getByRole('button', { name: words('approvals_return'), exact: true }).click();
      await mayor.getByLabel(words('approvals_comment')).fill('Es el miércoles.');
      await mayor.getByRole('button', { name: words('approvals_return_do'), exact: true }).click();
      await expect(mayor.getByText(words('decide_unsent_other', { n: '2' }))).toBeVisible();
      expect(await stage(asking, first)).toBe('in_review');
      await mayor.context().setOffline(false);
      await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();
      await expect(mayor.getByText(words('decide_unsent_text'))).toHaveCount(0);
      await expect.poll(() => stage(asking, first)).toBe('approved');
      await expect.poll(() => stage(asking, second)).toBe('draft');
      await expect.poll(async () => (await kept(mayor)).filter(({ name }) => name.startsWith('out.'))).toEqual([]);
    });
  });
}

test('what was changed meanwhile is refused, explained, and shown as it is now', async ({ as, words, request, baseURL, town }) => {
  const asking = { request, baseURL, town };
  const mayor = await phone(as);
  const id = await waiting(asking, WATER);
  await installed(mayor, '/decide/', 1);
  await mayor.context().setOffline(true);
  await mayor.reload();
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('decide_unsent_one'))).toBeVisible();
  await change(asking, id, 'Mañana no hay agua en la calle Menor.');
  await mayor.context().setOffline(false);
  await expect(mayor.getByText(words('refusal_other_content_what'))).toBeVisible();
  await expect(mayor.getByText(words('decide_unsent_text'))).toHaveCount(0);
  // What it is now, and what changed.
  await expect(mayor.locator('.decision .preview-text')).toHaveText('Mañana no hay agua en la calle Menor.');
  await expect(mayor.locator('.difference ins').first()).toContainText('Menor');
  await examine(mayor, 'a decision that was not taken');
  // It stays until it was read.
  await mayor.reload();
  await expect(mayor.getByText(words('refusal_other_content_what'))).toBeVisible();
  await mayor.getByRole('button', { name: words('decide_understood'), exact: true }).click();
  await expect(mayor.getByText(words('refusal_other_content_what'))).toHaveCount(0);
  await mayor.reload();
  await expect(mayor.locator('.decision')).toBeVisible();
  await expect(mayor.getByText(words('refusal_other_content_what'))).toHaveCount(0);
  expect(await stage(asking, id)).toBe('in_review');
});

test('what is kept cannot be read on the disk, and goes with whoever signs out', async ({ as, words, request, baseURL, town }) => {
  const asking = { request, baseURL, town };
  const mayor = await phone(as);
  await waiting(asking, WATER);
  await installed(mayor, '/decide/', 1);
  await mayor.context().setOffline(true);
  await mayor.reload();
  await mayor.getByRole('button', { name: words('approvals_return'), exact: true }).click();
  await mayor.getByLabel(words('approvals_comment')).fill('Palabra que nadie lee.');
  await mayor.getByRole('button', { name: words('approvals_return_do'), exact: true }).click();
  await expect(mayor.getByText(words('decide_unsent_one'))).toBeVisible();
  const kinds = async () => [...new Set((await kept(mayor)).map(({ name }) => name.split('.')[0]))].sort();
  await expect.poll(kinds).toEqual(['key', 'out', 'waiting']);
  const things = await kept(mayor);
  expect(things.find(({ name }) => name === 'key')!.raw).toBe('false');
  for (const secret of ['agua', 'Mayor', 'Palabra', 'statement', 'content_hash']) {
    expect(things.map(({ raw }) => raw).join('\n')).not.toContain(secret);
  }
  await mayor.context().setOffline(false);
  await expect(mayor.getByText(words('decide_unsent_text'))).toHaveCount(0);
  await mayor.getByRole('button', { name: words('frame_own') }).click();
  await mayor.getByRole('button', { name: words('frame_sign_out'), exact: true }).click();
  await expect(mayor.getByRole('heading', { level: 1, name: words('entry_sign_in_title') })).toBeVisible();
  await examine(mayor, 'signed out');
  await expect.poll(() => kept(mayor)).toEqual([]);
});

test('an ended session takes what waits off the device, and leaves what was signed', async ({ as, words, request, baseURL, town }) => {
  const asking = { request, baseURL, town };
  const mayor = await phone(as);
  const id = await waiting(asking, WATER);
  await installed(mayor, '/decide/', 1);
  await mayor.context().setOffline(true);
  await mayor.reload();
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('decide_unsent_one'))).toBeVisible();
  await mayor.context().clearCookies();
  await mayor.context().setOffline(false);
  await expect(mayor.getByRole('heading', { level: 1, name: words('frame_lapsed_title') })).toBeVisible();
  await expect(mayor.getByText(words('decide_unsent_enter'))).toBeVisible();
  await examine(mayor, 'an ended session');
  await expect.poll(async () => (await kept(mayor)).map(({ name }) => name.split('.')[0]).sort()).toEqual(['key', 'out']);
  await mayor.getByRole('button', { name: words('entry_with_passkey'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();
  // What was signed is no longer shown as waiting, and is on its way.
  await expect.poll(() => stage(asking, id)).toBe('approved');
});

test('after three days nothing of it is left', async ({ as, words, request, baseURL, town }) => {
  const asking = { request, baseURL, town };
  const mayor = await phone(as);
  await waiting(asking, WATER);
  await installed(mayor, '/decide/', 1);
  await mayor.context().setOffline(true);
  await mayor.clock.setSystemTime(Date.now() + 71 * 3_600_000);
  await mayor.reload();
  await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
  await mayor.clock.setSystemTime(Date.now() + 73 * 3_600_000);
  await mayor.reload();
  await expect(mayor.getByText(words('decide_offline_empty'))).toBeVisible();
  await expect(mayor.getByText(WATER)).toHaveCount(0);
  await examine(mayor, 'nothing kept');
  await expect.poll(async () => (await kept(mayor)).map(({ name }) => name)).toEqual(['key']);
});

test('what was said is read without coverage, as of when it was read, and goes like the rest', async ({ as, words, request, baseURL, town }) => {
  const asking = { request, baseURL, town };
  const mayor = await phone(as);
  const id = await waiting(asking, WATER);
  const author = await session(request, baseURL!, of(town, 'author'));
  const say = (thread: string, text: string) => ask(request, baseURL!, author, 'PUT', `/api/posts/${id}/threads/${thread}/${newId()}`, { remark: { audience: thread, anchor: { anchor: 'post' }, text }, answers: null });
  await say('internal', 'Lo confirma el encargado.');
  await say('external', 'La hora es aproximada.');
  const talk = mayor.locator('.decide-said').filter({ has: mayor.getByRole('heading', { name: words('comments_title') }) });
  await installed(mayor, '/decide/', 1);
  await expect(talk).toContainText('Lo confirma el encargado.');
  await expect.poll(async () => (await kept(mayor)).filter(({ name }) => name === `talk.${id}`).length).toBe(1);
  expect((await kept(mayor)).map(({ raw }) => raw).join('\n')).not.toContain('encargado');
  await mayor.context().setOffline(true);
  await mayor.reload();
  await expect(talk).toContainText('Lo confirma el encargado.');
  await expect(talk).toContainText('La hora es aproximada.');
  // As of when it was read.
  await expect(talk).toContainText(words('decide_talk_kept').split('{at}')[0].trim());
  await examine(mayor, 'comments without coverage');
  await mayor.clock.setSystemTime(Date.now() + 73 * 3_600_000);
  await mayor.reload();
  await expect(mayor.getByText(words('decide_offline_empty'))).toBeVisible();
  await expect.poll(async () => (await kept(mayor)).map(({ name }) => name)).toEqual(['key']);
});

test('a question reaches whoever sent it, and decides nothing', async ({ as, words, request, baseURL, town }) => {
  const asking = { request, baseURL, town };
  const mayor = await phone(as);
  const id = await waiting(asking, WATER);
  await mayor.goto('/decide/');
  const article = mayor.getByRole('article').first();
  await expect(article).toContainText(WATER);
  await mayor.getByRole('button', { name: words('decide_ask'), exact: true }).click();
  const question = mayor.getByLabel(words('decide_ask_label'));
  await expect(question).toBeFocused();
  await question.fill('¿Desde qué hora?');
  await examine(mayor, 'asking');
  await mayor.getByRole('button', { name: words('decide_ask_do'), exact: true }).click();
  await expect(mayor.getByText(words('decide_asked'))).toBeVisible();
  // It stands below the text, and the same item still waits.
  await expect(article).toContainText('¿Desde qué hora?');
  await expect(mayor.getByRole('button', { name: words('approvals_approve'), exact: true })).toBeVisible();
  await examine(mayor, 'asked');
  expect(await stage(asking, id)).toBe('in_review');
  const author = await session(request, baseURL!, of(town, 'author'));
  const { external, internal } = await ask(request, baseURL!, author, 'GET', `/api/posts/${id}/comments`);
  expect(external.map(({ text, mentions }: any) => [text, mentions.map(({ member }: any) => member)])).toEqual([['¿Desde qué hora?', [of(town, 'author')]]]);
  expect(internal).toEqual([]);
  // Without coverage nothing is asked: it is said, and what was typed stays.
  await mayor.getByRole('button', { name: words('decide_ask'), exact: true }).click();
  await mayor.getByLabel(words('decide_ask_label')).fill('¿Y hasta cuándo?');
  await mayor.context().setOffline(true);
  await mayor.getByRole('button', { name: words('decide_ask_do'), exact: true }).click();
  await expect(mayor.getByText(words('trouble_offline_what'))).toBeVisible();
  await expect(mayor.getByLabel(words('decide_ask_label'))).toHaveValue('¿Y hasta cuándo?');
});

test('it is read before what signs has come, and what is pressed meanwhile is done then', async ({ as, words, request, baseURL, town }) => {
  const mayor = await phone(as, { serviceWorkers: 'block' });
  const id = await waiting({ request, baseURL, town }, WATER);
  let come = () => {};
  const held = new Promise<void>((done) => (come = done));
  await mayor.route(HANDS, async (route) => {
    await held;
    await route.continue();
  });
  await mayor.goto(`/decide/?post=${id}`);
  await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
  const approve = mayor.getByRole('button', { name: words('approvals_approve'), exact: true });
  await approve.click();
  await expect(approve).toHaveAttribute('aria-busy', 'true');
  await examine(mayor, 'before what signs has come');
  expect(await stage({ request, baseURL, town }, id)).toBe('in_review');
  come();
  await expect(mayor.getByText(words('approvals_approved'))).toBeVisible();
  expect(await stage({ request, baseURL, town }, id)).toBe('approved');
});

test('what was kept is read at once, without a program and without an answer, and is replaced when the answer comes', async ({ as, words, request, baseURL, town }) => {
  const asking = { request, baseURL, town };
  const mayor = await phone(as, { serviceWorkers: 'block' });
  const [first, second] = [await waiting(asking, WATER), await waiting(asking, LIGHT)];
  await mayor.goto(`/decide/?post=${second}`);
  await expect(mayor.locator('.decision .preview-text')).toHaveText(LIGHT);
  await expect.poll(async () => (await kept(mayor)).map(({ name }) => name).sort()).toEqual(['key', 'waiting', 'waiting.sheets']);
  for (const { raw } of await kept(mayor)) expect(raw).not.toContain('agua');
  // Nothing is there but what was kept: the page too, which has nothing drawn into it then.
  await mayor.route(/\/decide\/\?post=/, (route) => route.continue({ url: `${baseURL}/decide/` }));
  const held = (address: RegExp) => {
    let come = () => {};
    const coming = new Promise<void>((done) => (come = done));
    return mayor.route(address, async (route) => (await coming, await route.continue())).then(() => come);
  };
  const program = await held(/decide_bg-.*\.wasm/);
  const answers = await held(/\/api\/(boot|deciding)/);
  const checking = words('decide_kept').split('. ')[1];
  const approve = mayor.getByRole('button', { name: words('approvals_approve'), exact: true });
  await mayor.goto(`/decide/?post=${first}`);
  await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
  await expect(mayor.getByRole('heading', { level: 1, name: words('decide_heading') })).toBeVisible();
  await expect(mayor.locator('.decision-bar')).toContainText(checking);
  await expect(approve).toHaveCount(0);
  await examine(mayor, 'what was kept, before the program');
  // The program takes over: the same, now with what can be pressed, and still nothing that the engine said.
  program();
  await expect(approve).toBeVisible();
  await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
  await expect(mayor.locator('#splash')).toHaveCount(0);
  await expect(mayor.locator('.decision-bar')).toContainText(checking);
  await examine(mayor, 'what was kept, with the program');
  // It is another one meanwhile: it is replaced, and that is said.
  await change(asking, first, 'Mañana no hay agua en la calle Menor.');
  answers();
  await expect(mayor.locator('.decision .preview-text')).toHaveText('Mañana no hay agua en la calle Menor.');
  await expect(mayor.getByText(words('decide_replaced'))).toBeVisible();
  await examine(mayor, 'what was kept is another one now');
  // What a notice names and was not kept is never stood in for by another.
  await expect.poll(async () => (await kept(mayor)).length).toBe(3);
  const third = await waiting(asking, 'El jueves cierra la piscina.');
  const late = await held(/\/api\/(boot|deciding)/);
  await mayor.goto(`/decide/?post=${third}`);
  await expect(mayor.locator('.skeleton').first()).toBeVisible();
  await expect(mayor.getByText(LIGHT)).toHaveCount(0);
  late();
  await expect(mayor.locator('.decision .preview-text')).toHaveText('El jueves cierra la piscina.');
  await expect(mayor.getByText(words('decide_replaced'))).toHaveCount(0);
});

test('on a phone that has kept nothing, what a notice names is read before the program has come', async ({ as, words, request, baseURL, town }) => {
  const asking = { request, baseURL, town };
  const mayor = await as('approver', { serviceWorkers: 'block' });
  const hostile = `${WATER} <img src=x onerror="document.title='x'"><script>document.title='x'</script>`;
  const id = await waiting(asking, hostile);
  let come = () => {};
  const coming = new Promise<void>((done) => (come = done));
  await mayor.route(/decide_bg-.*\.wasm/, async (route) => (await coming, await route.continue()));
  const answer = (await mayor.goto(`/decide/?post=${id}`))!;
  // It is one person's, and it is held to what the page is held to.
  expect(answer.headers()['cache-control']).toBe('no-store');
  expect(answer.headers()['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-/);
  const text = mayor.locator('.decision .preview-text');
  await expect(text).toHaveText(hostile);
  await expect(mayor.getByRole('heading', { level: 1, name: words('decide_heading') })).toBeVisible();
  await expect(mayor.getByRole('button')).toHaveCount(0);
  await expect(mayor).toHaveTitle(/Pregón/);
  await examine(mayor, 'drawn by the engine');
  // The program takes over, where it was read.
  come();
  await expect(mayor.getByRole('button', { name: words('approvals_approve'), exact: true })).toBeVisible();
  await expect(text).toHaveText(hostile);
  await expect(mayor.locator('#splash')).toHaveCount(0);
  await expect(mayor.getByText(words('decide_replaced'))).toHaveCount(0);
  // Whoever does not decide on it gets the page as it is, and so does who is not known, and who named nothing.
  const shell = await (await request.get(`${baseURL}/decide/`)).text();
  const author = await session(request, baseURL!, of(town, 'author'));
  for (const cookie of ['', `__Host-pregon=${author}`]) {
    const page = await request.get(`${baseURL}/decide/?post=${id}`, { headers: { cookie } });
    expect(await page.text()).toBe(shell);
    expect(page.headers()['content-security-policy']).toBe(answer.headers()['content-security-policy']);
  }
  expect(shell).not.toContain('data-colours');
});

test('who has chosen another language reads nothing in the wrong one', async ({ as, request, baseURL, town }) => {
  const mayor = await as('approver', { serviceWorkers: 'block' });
  const id = await waiting({ request, baseURL, town }, WATER);
  await mayor.addInitScript(() => localStorage.setItem('pregon.lang', 'en'));
  let come = () => {};
  const coming = new Promise<void>((done) => (come = done));
  await mayor.route(/decide_bg-.*\.wasm/, async (route) => (await coming, await route.continue()));
  await mayor.goto(`/decide/?post=${id}`);
  await expect(mayor.locator('#splash')).toBeEmpty();
  await expect(mayor.getByText('Por decidir')).toHaveCount(0);
  come();
  await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
});

test('where what signs cannot be fetched it is said, and fetched again', async ({ as, words, request, baseURL, town }) => {
  const mayor = await phone(as, { serviceWorkers: 'block' });
  const id = await waiting({ request, baseURL, town }, WATER);
  await mayor.route(HANDS, (route) => route.abort());
  await mayor.goto('/decide/');
  await expect(mayor.getByText(words('trouble_not_fetched_what'))).toBeVisible();
  await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
  await examine(mayor, 'without what signs');
  await mayor.unroute(HANDS);
  await mayor.getByRole('button', { name: words('general_retry'), exact: true }).click();
  await expect(mayor.getByText(words('trouble_not_fetched_what'))).toHaveCount(0);
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_approved'))).toBeVisible();
  expect(await stage({ request, baseURL, town }, id)).toBe('approved');
});

test('a swipe does what its button does', async ({ as, words, request, baseURL, town }) => {
  const asking = { request, baseURL, town };
  const mayor = await phone(as);
  const id = await waiting(asking, WATER);
  await mayor.goto('/decide/');
  await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
  await expect(mayor.getByText(words('decide_swipe'))).toBeVisible();
  const protocol = await mayor.context().newCDPSession(mayor);
  const swipe = async (from: number, to: number) => {
    const touch = (type: string, x?: number) =>
      protocol.send('Input.dispatchTouchEvent', { type: type as any, touchPoints: x === undefined ? [] : [{ x, y: 300 }] });
    await touch('touchStart', from);
    for (let step = 1; step <= 8; step++) await touch('touchMove', from + ((to - from) * step) / 8);
    await touch('touchEnd');
  };
  // Too short is nothing.
  await swipe(200, 240);
  await expect(mayor.getByRole('button', { name: words('approvals_approve'), exact: true })).toBeVisible();
  await swipe(330, 60);
  await expect(mayor.getByLabel(words('approvals_comment'))).toBeVisible();
  await mayor.getByRole('button', { name: words('general_cancel'), exact: true }).click();
  await swipe(60, 330);
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();
  await expect.poll(() => stage(asking, id)).toBe('approved');
});

test('who cannot decide is told so, and where the desk is', async ({ as }) => {
  const author = await as('author');
  await author.goto('/decide/');
  await expect(author.locator('.notice')).toBeVisible();
  await examine(author, 'no permission');
});

for (const theme of ['light', 'dark', 'contrast']) {
  test(`it fits a narrow screen and large letters, ${theme}`, async ({ as, words, request, baseURL, town }) => {
    const asking = { request, baseURL, town };
    const mayor = await as('approver', { viewport: { width: 320, height: 640 } });
    await mayor.addInitScript((name) => localStorage.setItem('pregon.theme', name), theme);
    await waiting(asking, WATER);
    await mayor.goto('/decide/');
    await expect(mayor.locator('.decision .preview-text')).toHaveText(WATER);
    await examine(mayor, `320 px, ${theme}`);
    await mayor.setViewportSize({ width: 390, height: 844 });
    await mayor.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await examine(mayor, `letters twice as large, ${theme}`);
    await expect(mayor.getByRole('button', { name: words('approvals_approve'), exact: true })).toBeVisible();
  });
}
