// Pictures as somebody brings them on a phone that is not new: Chromium with its CPU slowed four times, no slow line. A post for four
// networks, whose shapes and sizes differ; a photo as a phone takes it upright, 3:4, which is too tall for one of them. Timed by the
// page's own clock: from the file being chosen until it stands in the post, and from the press on the button until the version does
// that all four take. One line of JSON.
//
// What is slowed is the page's own thread: work beside it (decoding, a worker) runs as fast as the machine does, as in the
// browser's own tools.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { chromium } = require(process.env.PLAYWRIGHT);
const { asked, newId, PATIENCE, phase, run, share, signedIn, within } = require("./desk.cjs");

const engine = new URL(process.env.PREGON_URL);
const NETWORKS = ["instagram", "threads", "facebook", "linkedin"];
const PHOTOS = 5;

// Runs in the page, before it is slowed: a photo of 3000 × 4000 points that no compression makes light.
async function photo(seed) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 4000 });
  const context = canvas.getContext("2d");
  const sky = context.createLinearGradient(0, 0, 3000, 4000);
  sky.addColorStop(0, "#2468ac");
  sky.addColorStop(1, "#cc8844");
  context.fillStyle = sky;
  context.fillRect(0, 0, 3000, 4000);
  let number = seed;
  const next = (below) => {
    number = (Math.imul(number, 1664525) + 1013904223) >>> 0;
    return (number >>> 8) % below;
  };
  for (let drawn = 0; drawn < 30000; drawn++) {
    context.fillStyle = `rgb(${next(256)} ${next(256)} ${next(256)} / ${next(100)}%)`;
    context.fillRect(next(3000), next(4000), 2 + next(60), 2 + next(60));
  }
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let from = 0; from < bytes.length; from += 32768) text += String.fromCharCode(...bytes.subarray(from, from + 32768));
  return btoa(text);
}

// Runs in the page: watches until `done` is true of it, and tells how long that took and how long the longest task was.
function watch(patience) {
  const tasks = [];
  const observer = new PerformanceObserver((list) => list.getEntries().forEach((entry) => tasks.push(entry.duration)));
  observer.observe({ entryTypes: ["longtask"] });
  const stands = {
    brought: () => document.querySelector(".pictures .picture .picture-frame img") && document.querySelector(".picture-words > button.button"),
    fitted: () => document.querySelector(".pictures .picture") && !document.querySelector(".picture-words > button.button"),
  };
  window.bench = {
    until(what) {
      const began = performance.now();
      return new Promise((done, refuse) => {
        const changes = new MutationObserver(() => {
          if (!stands[what]()) return;
          changes.disconnect();
          clearTimeout(late);
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
        });
        const late = setTimeout(() => {
          changes.disconnect();
          const pictures = document.querySelector(".pictures")?.innerText.slice(0, 300);
          refuse(new Error(`after ${patience / 1_000} s no photo is ${what}; of pictures there stands: ${pictures}`));
        }, patience);
        changes.observe(document.body, { childList: true, subtree: true, attributes: true });
      });
    },
    longest: () => Math.max(0, ...tasks.splice(0)),
  };
}

run(async () => {
  const [administrator, author] = [await signedIn("administrator"), await signedIn("author")];
  const channels = [];
  for (const on of NETWORKS) {
    const connect = { network: "assisted", on, channel: null, name: `Medida ${on}`, handle: `@medida_${on}`, address: null };
    channels.push((await (await asked(administrator, "POST", "/api/channels", connect)).json()).channel.id);
  }
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 412, height: 915 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  const [name, value] = author.split(/=(.*)/s);
  await context.addCookies([{ name, value, domain: engine.hostname, path: "/", secure: true, httpOnly: true, sameSite: "Lax" }]);
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await page.goto(new URL("/desk/", engine).href);
  // As files: of bytes, Playwright makes a file by a script in the page, whose seconds would be counted as ours.
  phase("drawing the photos");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pregon-photos-"));
  const photos = [];
  for (let seed = 1; seed <= PHOTOS; seed++) {
    const file = path.join(folder, `plaza-${seed}.jpg`);
    fs.writeFileSync(file, Buffer.from(await within(3 * PATIENCE, `photo ${seed}`, page.evaluate(photo, seed * 7919)), "base64"));
    photos.push(file);
  }
  const times = { brought: [], fitted: [], whole: [] };
  let task = 0;
  for (const file of photos) {
    phase(`bringing ${path.basename(file)}`);
    const post = newId();
    const content = { kind: "routine", texts: { es: "La plaza, terminada." }, targets: channels.map((channel) => ({ channel, languages: ["es"] })) };
    await asked(author, "PUT", `/api/posts/${post}`, { version: 0, content });
    await page.goto(new URL(`/desk/posts/${post}/edit`, engine).href);
    await page.waitForSelector("#text-es");
    await page.waitForTimeout(1_500);
    await page.evaluate(watch, PATIENCE);
    await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await page.evaluate(() => bench.longest());
    const brought = page.evaluate(() => bench.until("brought"));
    await page.locator('input[type=file][multiple]').setInputFiles(file);
    times.brought.push(await within(2 * PATIENCE, "photo in the post", brought));
    // A person reads what is wrong with it before they press.
    await page.waitForTimeout(1_000);
    const meanwhile = await page.evaluate(() => bench.longest());
    const fitted = page.evaluate(() => {
      const until = bench.until("fitted");
      document.querySelector(".picture-words > button.button").click();
      return until;
    });
    times.fitted.push(await within(2 * PATIENCE, "version that all four take", fitted));
    await page.waitForTimeout(1_000);
    task = Math.max(task, meanwhile, await page.evaluate(() => bench.longest()));
    times.whole.push(times.brought.at(-1) + times.fitted.at(-1));
    await wire.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  }
  await within(PATIENCE, "end of the browser", browser.close());
  const megabytes = photos.map((file) => Math.round(fs.statSync(file).size / 1e5) / 10);
  fs.rmSync(folder, { recursive: true });
  const said = Object.fromEntries(Object.entries(times).map(([what, all]) => [what, share(all, 50)]));
  return { ...said, task, megabytes };
});
