// A card dragged over a week that is full, on an old machine: Chromium with its CPU slowed four times. What each move of the pointer
// brings about and the frame that paints it, how far frames are apart, the longest task; and from letting go until it is said that
// the card stands there, which is when the engine has answered. One line of JSON.
const { asked, newId, open, pause, phase, run, share, signedIn } = require("./desk.cjs");

const TURNS = 7;
const STEPS = 60;

// The date in Madrid so many days from now.
const day = (days) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Madrid", dateStyle: "short" }).format(new Date(Date.now() + days * 86_400_000));

// Runs in the page, before anything else does.
function watch() {
  const bench = (window.bench = { moves: [], apart: [], drops: [], tasks: [] });
  let dragging = false;
  // A message that is sent in a frame comes after it.
  const painted = (done) => requestAnimationFrame(() => {
    const begun = performance.now();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done(performance.now(), begun);
    };
    port2.postMessage(0);
  });
  const beat = (before) => requestAnimationFrame((now) => {
    if (!dragging) return;
    if (before) bench.apart.push(now - before);
    beat(now);
  });
  addEventListener("pointerdown", ({ target }) => {
    dragging = !!target.closest?.("[data-card]");
    if (dragging) beat();
  }, true);
  let began = 0;
  addEventListener("pointermove", () => (began = performance.now()), true);
  // What the page does about it was done when it comes to the window.
  addEventListener("pointermove", () => {
    if (!dragging) return;
    const handled = performance.now() - began;
    painted((now, begun) => bench.moves.push(handled + now - begun));
  });
  addEventListener("pointerup", () => {
    if (!dragging) return;
    dragging = false;
    const at = performance.now();
    const said = () => document.querySelectorAll('.toast[data-hue="info"]').length;
    const before = said();
    new MutationObserver((_, changes) => {
      if (said() <= before) return;
      changes.disconnect();
      painted((now) => bench.drops.push(now - at));
    }).observe(document.body, { childList: true, subtree: true });
  }, true);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) bench.tasks.push({ startTime, duration });
  }).observe({ type: "longtask" });
}

run(async () => {
  const author = await signedIn("author");
  const all = await (await asked(author, "GET", "/api/channels")).json();
  const channel = all.find((one) => one.network === "noticeboard").id;
  // Next week, whatever day it is: nobody places anything in the past.
  const monday = [1, 2, 3, 4, 5, 6, 7].map(day).find((text) => new Date(`${text}T12:00:00Z`).getUTCDay() === 1);
  const of_week = (days) => new Date(Date.parse(`${monday}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  const [from, to, last] = [of_week(1), of_week(3), of_week(6)];
  const post = newId();
  const content = { kind: "routine", titles: { es: "Cine de verano" }, texts: { es: "En la plaza, a las diez." }, targets: [{ channel, languages: ["es"] }] };
  await asked(author, "PUT", `/api/posts/${post}`, { version: 0, content });
  await asked(author, "PUT", `/api/posts/${post}/slot`, { version: 1, civil: `${from}T10:00:00` });
  const { browser, page, hands, wire } = await open(author, `/desk/calendar?week=${monday}`, watch);
  const card = `[data-card="${post}"]`;
  const column = (of) => `.week > [data-day="${of}"]`;
  await hands.there(`${column(from)} ${card}`);
  await pause(1_500);
  const cards = await hands.value("document.querySelectorAll('.week .slip').length");
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const middle = (of) => hands.value(`(() => { const { left, width } = document.querySelector(${JSON.stringify(column(of))}).getBoundingClientRect(); return left + width / 2; })()`);
  const drags = [];
  let [here, there] = [from, to];
  for (let turn = 0; turn < TURNS; turn++) {
    phase(`drag ${turn + 1} of ${TURNS}, over ${cards} cards`);
    const { x, y } = await hands.spot(`${column(here)} ${card}`);
    await pause(300);
    // To the end of the week first, then back to where it is let go.
    const stops = [x, await middle(last), await middle(there)];
    await page.mouse.move(x, y);
    await page.mouse.down();
    const began = await hands.value("performance.now()");
    for (let step = 1; step <= STEPS; step++) {
      const [leg, part] = step <= STEPS / 2 ? [0, step] : [1, step - STEPS / 2];
      await page.mouse.move(stops[leg] + ((stops[leg + 1] - stops[leg]) * part) / (STEPS / 2), y + (step % 5));
      await pause(8);
    }
    drags.push([began, await hands.value("performance.now()")]);
    await page.mouse.up();
    await hands.until(`bench.drops.length === ${turn + 1}`, "word that it was moved");
    await hands.there(`${column(there)} ${card}`);
    await hands.press("word away", ".toast > button:last-of-type", "body:not(:has(.toast))");
    await pause(500);
    [here, there] = [there, here];
  }
  const { moves, apart, drops, tasks } = await hands.value("bench");
  await browser.close();
  const dragged = tasks.filter(({ startTime }) => drags.some(([began, ended]) => startTime >= began && startTime <= ended));
  const task = Math.max(0, ...dragged.map(({ duration }) => duration));
  return { cards, moves: moves.length, move: share(moves, 98), half: share(moves, 50), apart: share(apart, 98), task, drop: share(drops, 50), drops };
});
