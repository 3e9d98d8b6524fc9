// Every part and every page as they looked when somebody last looked at them: at three widths, by day and by night, compared with
// `screens/`. Text is drawn as blocks (`blocks.ts`) and the clock stands still (`frozen.ts`), so that what differs is the layout,
// not the machine or the day. Whoever changes a page on purpose records it anew, looks at what changed, and commits it:
// `PREGON_RECORD_SCREENS=1 cargo xtask test browser`.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { noted } from './answers';
import { findings, over, settled } from './axe';
import { blocks } from './blocks';
import { freeze, realDay, sameDay } from './frozen';
import { approved, ask, expect, newId, session, test, type Town } from './town';

const WIDTHS = [390, 768, 1440];
const SCHEMES = ['light', 'dark'] as const;
const HEIGHT = 900;
/** The edges of blocks are mixed a little differently by each browser; a line that moved is some hundred points and more. */
const LIKE = { threshold: 0.2, maxDiffPixelRatio: 0.002, timeout: 30_000 };
const RECORDING = process.env.PREGON_RECORD_SCREENS === '1';

const FONT = blocks().toString('base64');
// Signs that look like drawings are taken from a font of the machine whatever a page says, and how a player looks is the browser's
// affair.
const STYLE = `
  *, *::before, *::after, ::placeholder, ::marker, ::file-selector-button {
    font-family: Blocks !important;
    font-style: normal !important;
    font-synthesis: none !important;
    font-variant-emoji: text !important;
  }
  *, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; }
  .preview-acts, video { visibility: hidden !important; }
`;

// Side by side: what takes long is the pictures.
test.describe.configure({ mode: 'parallel' });

/** Puts blocks in the place of letters. Through the object model: no policy of a page has to be loosened. */
async function dress(page: Page) {
  await page.evaluate(async ([font, style]) => {
    const face = new FontFace('Blocks', Uint8Array.from(atob(font), (sign) => sign.charCodeAt(0)), { weight: '1 1000' });
    document.fonts.add(await face.load());
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, [FONT, STYLE]);
}

const drawn = (page: Page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** What is written and cut off without a sign of it. */
const cut = (page: Page) => page.evaluate(() => [...document.querySelectorAll<HTMLElement>('body *')].filter((node) => {
  const writes = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent!.trim() !== '');
  // What is there for a screen reader only is a point wide.
  if (!writes || node.clientWidth <= 1 || !node.checkVisibility({ visibilityProperty: true })) return false;
  const { overflowX, textOverflow } = getComputedStyle(node);
  return ['hidden', 'clip'].includes(overflowX) && textOverflow !== 'ellipsis' && node.scrollWidth > node.clientWidth + 1;
}).map((node) => node.outerHTML.slice(0, 120)));

/** Compares one picture. One that nobody recorded is a failure, and says so. */
async function like(shown: Page | Locator, name: string, options: { fullPage?: boolean } = {}) {
  // Playwright writes no other characters into a name.
  const file = `${name.replace(/\W+/g, '-').replaceAll('_', '-')}.png`;
  const isThere = RECORDING || existsSync(join(__dirname, 'screens', file));
  expect.soft(isThere, `nobody recorded how ${name} looks: PREGON_RECORD_SCREENS=1 cargo xtask test browser`).toBe(true);
  if (isThere) await expect.soft(shown as Page).toHaveScreenshot(file, { ...LIKE, ...options });
}

/** A page at every width and in both themes, as it stands. */
async function walk(page: Page, name: string, options: { fullPage?: boolean } = {}) {
  await dress(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await drawn(page);
      await like(page, `${name}-${width}-${colorScheme}`, options);
    }
    expect.soft(await over(page), `${name} is wider than ${width} points`).toBeLessThanOrEqual(0);
    expect.soft(await cut(page), `${name} cuts off what is written, at ${width} points`).toEqual([]);
  }
}

/** Opens an address and waits until nothing is on its way any more. */
async function visit(page: Page, address: string) {
  await page.goto(address);
  await settled(page);
}

type Seeded = { approved: string; waiting: string; draft: string };

/** A town with a post of each kind: agreed to and placed tomorrow, waiting, and begun with an hour that it wishes. */
async function seeded(request: APIRequestContext, baseURL: string, town: Town): Promise<Seeded> {
  await sameDay();
  const author = await session(request, baseURL, town.members.find(([role]) => role === 'author')![1]);
  const write = async (title: string) => {
    const [id, targets] = [newId(), [{ channel: town.noticeboard, languages: ['es'] }]];
    const content = { kind: 'routine', titles: { es: title }, texts: { es: `${title}: en la plaza, si no llueve.` }, targets };
    await ask(request, baseURL, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
    return id;
  };
  const place = async (id: string, civil: string) => {
    const { post } = await ask(request, baseURL, author, 'GET', `/api/posts/${id}`);
    await ask(request, baseURL, author, 'PUT', `/api/posts/${id}/slot`, { version: post.version, civil });
  };
  const agreed = await approved(request, baseURL, town, 'Mañana no hay agua en la calle Mayor.');
  await place(agreed, `${realDay(1)}T10:00:00`);
  const waiting = await write('Mercado de los jueves');
  await ask(request, baseURL, author, 'POST', `/api/posts/${waiting}/submissions`, { version: 1 });
  const draft = await write('Cine de verano');
  await place(draft, `${realDay(2)}T21:30:00`);
  return { approved: agreed, waiting, draft };
}

// Not among them: one's devices, which name the browser that signed in.
const ROOMS: Record<string, string[]> = {
  'planning': ['', 'calendar', 'calendar?month=2031-02', 'calendar?list=2031-02'],
  'writing': ['posts/:approved', 'posts/:draft/edit', 'posts/new', 'approvals'],
  'the shelves': ['plan', 'tasks', 'library', 'brand', 'import', 'texts'],
  'the house': ['channels', 'people', 'organisation'],
  'the rules': ['circuits', 'record', 'notices'],
};

for (const [room, places] of Object.entries(ROOMS)) {
  test(`pages look as they did: ${room}`, async ({ as, town, request, baseURL }) => {
    const posts = await seeded(request, baseURL!, town);
    const page = await as('administrator');
    // The town of a journey has only just begun, and home is looked at as on any other day.
    await page.addInitScript((member) => {
      try {
        localStorage.setItem(`pregon.first.${member}`, 'away');
      } catch {}
    }, town.members.find(([role]) => role === 'administrator')![1]);
    await freeze(page, town.slug);
    for (const place of places) {
      const address = place.replace(/:(\w+)/, (_, kind: keyof Seeded) => posts[kind]);
      await visit(page, `/desk/${address}`);
      await walk(page, `desk-${place.replace(/\W+/g, '-') || 'home'}`);
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
}

test('the doors and the approver’s page look as they did', async ({ as, town, request, baseURL }) => {
  await seeded(request, baseURL!, town);
  const page = await as('approver');
  await freeze(page, town.slug);
  await visit(page, '/decide/');
  await walk(page, 'decide');
  await page.context().clearCookies();
  for (const door of ['sign-in', 'recover']) {
    await visit(page, `/desk/${door}`);
    await walk(page, `desk-${door}`);
  }
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('the noticeboard looks as it did', async ({ as, town, request, baseURL, words }) => {
  const post = await approved(request, baseURL!, town, 'Mañana no hay agua en la calle Mayor.');
  const author = await as('author');
  await author.goto(`/desk/posts/${post}`);
  await author.getByRole('button', { name: words('post_release'), exact: true }).click();
  await author.getByRole('button', { name: words('post_release_do'), exact: true }).click();
  await expect.poll(async () => (await request.get(`/${town.slug}/posts/${post}`)).status()).toBe(200);
  // These pages are written by the engine, whose clock goes on: every hour on them is made the same one.
  const still = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      text.textContent = text.textContent!.replace(/\d{1,2} de \p{L}+ de \d{4}, \d{1,2}:\d{2}/gu, '12 de febrero de 2031, 12:00');
    }
  };
  for (const [place, name] of [['', 'public-home'], [`posts/${post}`, 'public-notice'], ['accounts', 'public-accounts']]) {
    await visit(author, `/${town.slug}/${place}`);
    await author.evaluate(still);
    await walk(author, name);
  }
});

/** The design page, with a drawing wherever a photo would come from. */
async function design(page: Page) {
  const photo = '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="9"><rect width="12" height="9" fill="#7a8"/></svg>';
  await page.route('**/api/media/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: photo }));
  await page.route('**/api/videos/**', (route) => route.abort());
  await page.goto('/desk/design');
  await expect(page.locator('.previews')).toBeVisible();
  // It shows the shape of what comes, and what is busy, as parts of their own.
  await settled(page, '.skeleton:not(section *)');
}

test('every part looks as it did', async ({ page, words }) => {
  await design(page);
  await walk(page, 'design', { fullPage: true });
  await page.setViewportSize({ width: 768, height: HEIGHT });
  await page.emulateMedia({ colorScheme: 'light' });
  for (const dialog of ['dialog', 'dialog_wide', 'dialog_reason', 'dialog_sure']) {
    await page.getByRole('button', { name: words(`design_${dialog}`), exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await like(page, `design-${dialog}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  const menu = page.getByRole('button', { name: words('design_menu'), exact: true }).first();
  await menu.click();
  await expect(page.getByRole('button', { name: words('general_print'), exact: true })).toBeVisible();
  await like(page, 'design-menu');
  await page.keyboard.press('Escape');
  // Most of them go after some seconds: not while they are looked at.
  await page.evaluate(() => void (window.setTimeout = (() => 0) as unknown as typeof setTimeout));
  await page.getByRole('button', { name: words('design_toast'), exact: true }).click();
  await expect(page.locator('.toast')).toHaveCount(5);
  await like(page, 'design-toasts');
});

test('the previews of every network look as they did', async ({ page, words }) => {
  await design(page);
  await dress(page);
  await page.setViewportSize({ width: 768, height: HEIGHT });
  const networks = page.getByLabel(words('design_network'), { exact: true });
  const count = await networks.locator('option').count();
  expect(count).toBe(19);
  for (let at = 0; at < count; at++) {
    await networks.selectOption({ index: at });
    const name = await networks.locator('option').nth(at).textContent();
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await drawn(page);
      await like(page.locator('.previews'), `design-${name!.toLowerCase().replace(/\W+/g, '-')}-${colorScheme}`);
    }
    expect.soft(await over(page), `the previews of ${name} are wider than their screen`).toBeLessThanOrEqual(0);
  }
});

test('the design page leaves no part out', async ({ page, words }) => {
  const source = (file: string) => readFileSync(join(__dirname, '../../app/src', file), 'utf8');
  const parts = readdirSync(join(__dirname, '../../app/src/ui')).filter((file) => file.endsWith('.rs'));
  const made = parts.flatMap((file) => [...source(`ui/${file}`).matchAll(/#\[component\]\npub fn (\w+)/g)].map(([, name]) => name));
  // Where short words appear belongs to the desk itself.
  const shown = ['pages/design.rs', 'pages/design/fields.rs', 'pages/design/previews.rs', 'app.rs'].map(source).join('\n');
  expect(made.length).toBeGreaterThan(15);
  expect(made.filter((name) => !new RegExp(`<${name}\\b|\\b${name.toLowerCase()}\\(`).test(shown))).toEqual([]);
  await design(page);
  const glyphs = new Set([...source('ui/icon.rs').matchAll(/Glyph::(\w+) =>/g)].map(([, name]) => name));
  const icons = page.locator('section').filter({ has: page.getByRole('heading', { name: words('design_icons'), exact: true }) });
  await expect(icons.locator('svg.icon')).toHaveCount(glyphs.size);
  // Not the previews: several of one network are called the same, as nowhere else. Theirs are looked at in the composer.
  const within = 'section:not(:has(.previews)):not(.previews section)';
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);
    expect.soft(await findings(page, { within, colours: theme !== 'light' }), theme).toEqual([]);
  }
});

test('what is pressed by a finger is large enough for one', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  noted(page);
  await design(page);
  const small = await page.locator('.button:visible, .input:visible, .check:visible').evaluateAll((all) => all.filter((node) => {
    const { width, height } = node.getBoundingClientRect();
    return height < 43.5 || width < 43.5;
  }).map((node) => node.outerHTML.slice(0, 120)));
  expect(small).toEqual([]);
  await context.close();
});
