// The calendar as a clerk on an old machine has it: Chromium with its CPU slowed four times, no slow line. Every time is that
// of the page's own clock, from the click until the frame is painted in which what was asked for stands. One line of JSON.
const { asked, open, pause, PATIENCE, phase, run, share, signedIn, within } = require("./desk.cjs");

const TURNS = 7;

// Runs in the page: does something, and says when what it is to bring was painted, and how long the longest task was.
async function until([act, target, wanted, patience]) {
  let longest = 0;
  const note = (entries) => entries.forEach(({ duration }) => (longest = Math.max(longest, duration)));
  const watch = new PerformanceObserver((list) => note(list.getEntries()));
  watch.observe({ entryTypes: ["longtask"] });
  const is = () => document.querySelector(wanted);
  const where = () => `${location.search} (${document.querySelector(".calendar-range")?.textContent})`;
  const element = document.querySelector(target);
  if (!element) throw new Error(`there is no ${target}, at ${where()}`);
  // What stands already would have taken no time at all.
  if (act === "click" && is()) throw new Error(`before ${target} was pressed there is ${wanted} already, at ${where()}`);
  const began = performance.now();
  if (act === "click") element.click();
  else {
    element.value = act;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const time = await new Promise((done, refuse) => {
    const look = () => {
      if (!is()) return;
      changes.disconnect();
      clearTimeout(late);
      // A message that is sent in a frame comes after it.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        done(performance.now() - began);
      };
      requestAnimationFrame(() => port2.postMessage(0));
    };
    const changes = new MutationObserver(look);
    const late = setTimeout(() => {
      changes.disconnect();
      refuse(new Error(`after ${patience / 1_000} s "${act}" at ${target} has brought no ${wanted}, at ${where()}`));
    }, patience);
    changes.observe(document, { childList: true, subtree: true, attributes: true });
    look();
  });
  await new Promise((done) => setTimeout(done, 300));
  note(watch.takeRecords());
  watch.disconnect();
  return { time, task: longest };
}

run(async () => {
  const administrator = await signedIn("administrator");
  const [year, month] = new Date().toISOString().split("-").map(Number);
  const named = (by) => new Date(Date.UTC(year, month - 1 + by, 1)).toISOString().slice(0, 7);
  const { browser, page, hands, wire } = await open(administrator, "/desk/", null);
  const spans = new Set();
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname === "/api/posts" && search.includes("from=")) spans.add(search.slice(1));
  });
  phase(`opening the month ${named(0)}`);
  await page.goto(new URL(`/desk/calendar?month=${named(0)}`, page.url()).href);
  await hands.there(".month .line");
  await pause(1_500);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });

  const view = (place) => `.calendar-views button:nth-child(${place})`;
  const turn = (place) => `.calendar-turn button:nth-child(${place})`;
  // The third row is of the month itself, whichever it is: its days are between the 9th and the 21st. Those beside it stand in the
  // first and in the last rows, and today looks the same in both.
  const drawn = (by) => `.month:has(.line) tbody tr:nth-child(3) [data-day^="${named(by)}-"]`;
  const times = { month: [], week: [], list: [], before: [], next: [] };
  const go = async (what, ...order) => {
    const { time } = await within(PATIENCE + 10_000, `end of ${what}`, page.evaluate(until, [...order, PATIENCE]));
    times[what].push(time);
    // What the engine says of it comes after it is drawn, and is not to be in the way of the next.
    await pause(600);
  };
  const told = (what) => `${what} ${times[what].map(Math.round).join(", ")}`;
  // There and back again: the first time what is shown may have to come from the engine, from the second on it is at hand.
  phase("week and month");
  for (let time = 0; time < TURNS; time++) {
    await go("week", "click", view(2), ".week .slip");
    await go("month", "click", view(1), drawn(0));
  }
  phase(`list and month; in ms so far: ${told("week")}; ${told("month")}`);
  for (let time = 0; time < TURNS; time++) {
    await go("list", "click", view(4), ".agenda-days .slip");
    await go("month", "click", view(1), drawn(0));
  }
  phase(`the month before and the next; in ms so far: ${told("list")}; ${told("month")}`);
  for (let time = 0; time < TURNS; time++) {
    await go("before", "click", turn(1), drawn(-1));
    await go("next", "click", turn(3), drawn(0));
  }
  phase(`what the month holds; in ms so far: ${told("before")}; ${told("next")}`);
  let [span, rows] = [null, []];
  for (const one of spans) {
    const { items } = await (await asked(administrator, "GET", `/api/posts?${one}`)).json();
    if (items.length > rows.length) [span, rows] = [one, items];
  }
  if (!span) throw new Error("the calendar asked for no span of days");
  const publications = rows.reduce((sum, row) => sum + row.going.filter((going) => going.state).length, 0);
  const heads = rows.map((row) => row.heading).sort();
  // That of the middle one is that of most.
  const heading = heads[Math.floor(heads.length / 2)];
  phase(`the search, for "${heading}"; there are ${rows.length} posts, ${publications} publications`);
  const tasks = [];
  for (const text of [heading.slice(0, 1), heading.slice(0, 2), heading.slice(0, 3), "zzz", ""]) {
    const order = [text, "#calendar-search", text === "zzz" ? ".month:not(:has(.line))" : ".month .line", PATIENCE];
    const { task } = await within(PATIENCE + 10_000, `end of the search for "${text}"`, page.evaluate(until, order));
    tasks.push(task);
    await pause(600);
  }
  phase(`done; longest task of each key, in ms: ${tasks.map(Math.round).join(", ")}`);
  await within(PATIENCE, "end of the browser", browser.close());
  const said = Object.fromEntries(Object.entries(times).map(([what, all]) => [what, share(all, 50)]));
  return { ...said, key: Math.max(...tasks), posts: rows.length, publications, span };
});
