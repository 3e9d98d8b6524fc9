// A page as somebody needs it who does not see it as it was drawn: on 320 × 256 points (WCAG 1.4.10, which is 1280 × 1024 at
// 400 %), with letters twice as large (1.4.4), with letters and lines further apart (1.4.12), in the few colours of a system that
// chooses them itself, and without anything that moves. What is found is said a line each; nothing is what every page must come to.
import { expect, type Page } from '@playwright/test';

/** What 1.4.12 asks a page to bear; the space behind a paragraph too. */
const APART = `
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }
`;
const LARGE = ':root { font-size: 200% !important; }';

interface Look {
  name: string;
  width: number;
  height: number;
  style?: string;
}

const LOOKS: Look[] = [
  { name: 'on 320 points', width: 320, height: 256 },
  { name: 'with letters twice as large', width: 1280, height: 1024, style: LARGE },
  { name: 'with letters and lines apart', width: 640, height: 512, style: APART },
];

/** What has two dimensions whatever is done to it: it may scroll sideways within itself, where whoever has no mouse can scroll it and
 *  whoever hears it is told what it is. */
const WIDE = ['.month', '.lanes', '.week', 'table', 'pre', '.code'];

/** Puts a style on, and takes off the one before. Through the object model: no policy of a page has to be loosened. */
const wear = (page: Page, style: string) =>
  page.evaluate(async (style) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }, style);

/** What does not fit, a line each. */
const misfits = (page: Page, wide: string[]): Promise<string[]> =>
  page.evaluate((wide) => {
    const found: string[] = [];
    const told = (node: Element) => node.outerHTML.slice(0, 140).replace(/\s+/g, ' ');
    const shown = (node: Element) => node.checkVisibility({ visibilityProperty: true });
    const screen = document.scrollingElement!;
    const over = screen.scrollWidth - innerWidth;
    if (over > 1) {
      found.push(`the page is ${over} points wider than its screen`);
      const held = (node: Element) => {
        for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) if (getComputedStyle(up).overflowX !== 'visible') return true;
        return false;
      };
      const out = [...document.body.querySelectorAll('*')].filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && shown(node) && !held(node));
      for (const node of out.slice(-3)) found.push(`  out: ${told(node)}`);
    }
    let covered = 0;
    for (const node of document.body.querySelectorAll<HTMLElement>('*')) {
      const style = getComputedStyle(node);
      const writes = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent!.trim() !== '');
      const sideways = node.scrollWidth > node.clientWidth + 1;
      // What is there for a screen reader only is a point wide.
      if (node.clientWidth > 1 && shown(node)) {
        const clips = (overflow: string) => ['hidden', 'clip'].includes(overflow);
        const cut = (sideways && clips(style.overflowX)) || (node.scrollHeight > node.clientHeight + 1 && clips(style.overflowY));
        // What ends in an ellipsis is told whole in a tooltip.
        const whole = node.title || node.closest('[title]')?.getAttribute('title') || '';
        if (writes && cut && !whole.includes(node.textContent!.trim())) found.push(`cut off: ${told(node)}`);
        const scrolls = ['auto', 'scroll'].includes(style.overflowX) && sideways;
        if (scrolls && node !== document.body && node.tagName !== 'TEXTAREA') {
          const named = node.closest('[aria-label], [aria-labelledby]') !== null;
          const reached = node.tabIndex >= 0 || node.querySelector('a[href], button, input, select, textarea, [tabindex="0"]') !== null;
          const is = wide.some((one) => node.matches(one) || node.querySelector(one) !== null);
          if (!is || !named || !reached) found.push(`scrolls sideways${named ? '' : ', has no name'}${reached ? '' : ', is out of reach'}: ${told(node)}`);
        }
      }
      if (['fixed', 'sticky'].includes(style.position) && shown(node) && node.closest('dialog, [popover]') === null) {
        const { width, height } = node.getBoundingClientRect();
        // What clips itself away, or stands beside the page, covers nothing of it.
        if (style.clipPath === 'none' && width > innerWidth / 2) covered += Math.min(height, innerHeight);
      }
    }
    if (covered > innerHeight / 2) found.push(`what stays in place covers ${Math.round(covered)} of ${innerHeight} points`);
    return found;
  }, wide);

/** What is told by a colour alone, where a system chooses the colours: where the focus is, what is chosen, a picture beside a word. */
const unsaid = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const told = (node: Element) => node.outerHTML.slice(0, 140).replace(/\s+/g, ' ');
    const shown = (node: Element) => node.checkVisibility({ visibilityProperty: true });
    // All that is seen of an element when every colour of ours is gone: no shadow, no ground.
    const look = (node: Element) => {
      const style = getComputedStyle(node);
      const edges = ['top', 'right', 'bottom', 'left'].map((side) => style.getPropertyValue(`border-${side}-style`) + style.getPropertyValue(`border-${side}-width`));
      const beside = ['::before', '::after'].map((part) => {
        const { content, width, height, borderBottomWidth } = getComputedStyle(node, part);
        return content === 'none' ? '' : [content, width, height, borderBottomWidth].join();
      });
      const outline = style.outlineStyle === 'none' ? '' : style.outlineStyle + style.outlineWidth;
      return [...edges, ...beside, outline, style.fontWeight, style.textDecorationLine, String(node.querySelectorAll('svg').length)].join(' ');
    };
    const on = '[aria-current]:not([aria-current="false"]), [aria-selected="true"], [aria-pressed="true"], [aria-checked="true"]';
    for (const node of [...document.querySelectorAll(on)].filter(shown)) {
      const kind = (other: Element) => other.tagName === node.tagName && other.classList[0] === node.classList[0];
      const others = [...document.querySelectorAll(node.tagName)].filter((other) => kind(other) && !other.matches(on) && shown(other));
      if (others.some((other) => look(other) === look(node))) found.push(`told by its colour only: ${told(node)}`);
    }
    for (const node of [...document.querySelectorAll('svg.icon')].filter(shown)) {
      const { stroke, color } = getComputedStyle(node.querySelector('path') ?? node);
      if (stroke !== color) found.push(`a picture of its own colour: ${told(node)}`);
    }
    const before = document.activeElement as HTMLElement | null;
    const stops = document.querySelectorAll<HTMLElement>('a[href], button:not(:disabled), input, select, textarea, summary, [tabindex="0"]');
    for (const node of [...stops].filter(shown)) {
      node.focus({ preventScroll: true });
      if (document.activeElement !== node) continue;
      const rings = (one: Element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
      };
      // Where a whole line is one target, the ring may be around it.
      if (!rings(node) && !(node.parentElement && rings(node.parentElement))) found.push(`has the focus and shows it not: ${told(node)}`);
    }
    before?.focus({ preventScroll: true });
    return found;
  });

/** What moves, though it was asked not to. */
export const moving = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    // What shows that something is on its way is gone by now: it is put there again.
    const probe = document.createElement('div');
    probe.innerHTML = '<div class="skeleton"><i></i></div><button class="button" aria-busy="true">…</button>';
    document.body.append(probe);
    await new Promise((done) => setTimeout(done, 50));
    // An animation ends with a frame: a page that is short of time has drawn none yet.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const all = document.getAnimations().filter((one) => one.playState === 'running');
    const told = all.map((one) => ((one.effect as KeyframeEffect).target as Element).outerHTML.slice(0, 140));
    probe.remove();
    return told;
  });

/** Looks at a page in all of these, as it stands. It is left at another size. */
export async function needed(page: Page, where: string) {
  for (const { name, width, height, style } of LOOKS) {
    await page.setViewportSize({ width, height });
    await wear(page, style ?? '');
    expect.soft(await misfits(page, WIDE), `${where} ${name}`).toEqual([]);
  }
  await wear(page, '');
  await page.emulateMedia({ forcedColors: 'active' });
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await unsaid(page), `${where} in the colours of the system, on ${width} points`).toEqual([]);
  }
  await page.emulateMedia({ forcedColors: 'none' });
}
