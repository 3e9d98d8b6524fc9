// What was kept is read before the program has come: it drew its sheets when it kept them (`app/src/decide/sheets.rs`), and
// here they are put into the page, element by element. Nothing of them is read as HTML, and nothing can be pressed. The
// program takes them away when it has something to put in their place. `cargo xtask` writes this into the page, behind the
// place where they go.
self.pregonSheet = (async () => {
  const SVG = "http://www.w3.org/2000/svg";

  function grown([name, attributes, ...inside], within = null) {
    const space = name === "svg" ? SVG : within;
    const element = space ? document.createElementNS(space, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside.map((one) => (typeof one === "string" ? one : grown(one, space))));
    return element;
  }

  const { lang, colours, sheets } = JSON.parse(await pregonSheets) ?? {};
  // What a notice named was not kept, mostly, when it was told: then nothing else is shown in its place.
  const named = new URLSearchParams(location.search).get("post");
  const [, sheet] = sheets?.find(([post]) => !named || post === named) ?? [];
  const place = document.getElementById("splash");
  // No place: the program was quicker.
  if (!sheet || !place) return;
  const { documentElement: root } = document;
  root.lang = lang;
  for (const [name, colour] of colours) root.style.setProperty(name, colour);
  const theme = localStorage.getItem("pregon.theme") ?? "system";
  if (theme !== "system") root.dataset.theme = theme;
  place.className = "";
  place.dataset.sheet = "";
  place.replaceChildren(...sheet.map((one) => grown(one)));
  // Until it is seen, and the browser has nothing else to do: to start the program takes the whole machine, and whoever
  // reads may scroll already. A page that nobody sees draws nothing.
  const idle = self.requestIdleCallback ?? ((act) => setTimeout(act, 50));
  if (!document.hidden) await new Promise((seen) => requestAnimationFrame(() => idle(seen, { timeout: 400 })));
})().catch(() => {}); // Whatever is not as it should be: the program draws all of it anyway.
