// The calendar as a clerk on an old machine has it: Chromium with its CPU slowed four times, no slow line. Every time is that
// of the page's own clock, from the click until the frame is painted in which what was asked for stands. One line of JSON.
const { chromium } = require(process.env.PLAYWRIGHT);

const engine = new URL(process.env.PREGON_URL);

// Runs in the page: does something, and says when what it is to bring was painted, and how long the longest task was.
async function until([act, target, wanted]) {
  const longest = { duration: 0 };
  const watch = new PerformanceObserver((list) => list.getEntries().forEach((entry) => (longest.duration = Math.max(longest.duration, entry.duration))));
  watch.observe({ entryTypes: ["longtask"] });
  const is = () => document.querySelector(wanted);
  const began = performance.now();
  if (act === "click") document.querySelector(target).click();
  else {
    const field = document.querySelector(target);
    field.value = act;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const time = await new Promise((done) => {
    const painted = () => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now() - began);
      requestAnimationFrame(() => port2.postMessage(0));
    };
    const look = (_, observer) => {
      if (!is()) return false;
      observer?.disconnect();
      painted();
      return true;
    };
    if (!look()) new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
  });
  await new Promise((done) => setTimeout(done, 300));
  watch.disconnect();
  return { time, task: longest.duration };
}

const middle = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

(async () => {
  const post = (path, body) => fetch(new URL(path, engine), {
    method: "POST", headers: { origin: engine.origin, "x-pregon": "1", "content-type": "application/json" }, body: JSON.stringify(body),
  });
  const people = await (await fetch(new URL("/api/rehearsal/people", engine))).json();
  const signed = await post("/api/rehearsal/sign-in", { member: people.find((person) => person.role === "administrator").member });
  const [name, value] = signed.headers.get("set-cookie").split(";")[0].split(/=(.*)/s);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addCookies([{ name, value, domain: engine.hostname, path: "/", secure: true, httpOnly: true, sameSite: "Lax" }]);
  const page = await context.newPage();
  let span;
  let answer;
  page.on("response", async (response) => {
    const url = new URL(response.url());
    if (url.pathname !== "/api/posts" || !url.search.includes("from=")) return;
    const items = (await response.json()).items;
    // The month's own: the others are of a week, or of a month that is all but empty.
    if (!answer || items.length > answer.length) [span, answer] = [url.search.slice(1), items];
  });
  const wire = await context.newCDPSession(page);
  const [year, month] = new Date().toISOString().split("-");
  const first = new URL(`/desk/calendar?month=${year}-${month}`, engine).href;
  await page.goto(first);
  await page.waitForSelector(".month .line");
  await page.waitForTimeout(1_000);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const views = ".calendar-views button:nth-child";
  const [times, tasks] = [{ month: [], week: [], list: [], next: [] }, []];
  const go = async (what, order) => {
    const { time } = await page.evaluate(until, order);
    times[what]?.push(time);
    await page.waitForTimeout(400);
  };
  for (let turn = 0; turn < 7; turn++) {
    await go("week", ["click", `${views}(2)`, ".week .slip"]);
    await go("list", ["click", `${views}(4)`, ".agenda-days .slip"]);
    await go("month", ["click", `${views}(1)`, ".month .line"]);
    // To the month before, which is then at hand, and back.
    const named = await page.evaluate(() => document.querySelector(".month-cell:not(.month-beside)").dataset.day);
    await go("before", ["click", ".calendar-turn button:first-child", `.month-cell.month-beside[data-day="${named}"], .month:not(:has([data-day="${named}"]))`]);
    await go("next", ["click", ".calendar-turn button:last-child", `.month-cell:not(.month-beside)[data-day="${named}"]`]);
  }
  const heading = answer[0].heading;
  for (const text of [heading.slice(0, 1), heading.slice(0, 2), heading.slice(0, 3), "zzz", ""]) {
    const { task } = await page.evaluate(until, [text, ".calendar-finding input", text === "zzz" ? ".month:not(:has(.line))" : ".month .line"]);
    tasks.push(task);
  }
  await browser.close();
  const publications = answer.reduce((sum, row) => sum + row.going.filter((going) => going.state).length, 0);
  const said = Object.fromEntries(Object.entries(times).map(([what, all]) => [what, middle(all)]));
  console.log(JSON.stringify({ ...said, key: Math.max(...tasks), posts: answer.length, publications, span }));
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
