// What waits is read before the program has come. On a phone that has kept it, the program drew sheets when it did
// (`app/src/decide/sheets.rs`), and here they are put into the page, element by element; nothing of them is read as HTML. On
// any other the engine has drawn one into the page (`edge/src/desk/sheet.rs`). Nothing can be pressed on either. The program
// takes them away when it has something to put in their place. `cargo xtask` writes this into the page, behind the
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

  const place = document.getElementById("splash");
  // No place: the program was quicker.
  if (!place) return;
  const { documentElement: root } = document;
  const theme = localStorage.getItem("pregon.theme") ?? "system";
  if (theme !== "system") root.dataset.theme = theme;
  const wear = (colours) => colours.forEach(([name, colour]) => root.style.setProperty(name, colour));
  // The engine draws in the language of who has chosen none.
  if ("sheet" in place.dataset && (localStorage.getItem("pregon.lang") ?? root.lang) !== root.lang) {
    place.replaceChildren();
    delete place.dataset.sheet;
  }
  if ("sheet" in place.dataset) wear(JSON.parse(place.dataset.colours));
  else {
    const { lang, colours, sheets } = JSON.parse(await pregonSheets) ?? {};
    // What a notice named was not kept, mostly, when it was told: then nothing else is shown in its place.
    const named = new URLSearchParams(location.search).get("post");
    const [, sheet] = sheets?.find(([post]) => !named || post === named) ?? [];
    // The program may have been quicker.
    if (!sheet || !place.isConnected) return;
    root.lang = lang;
    wear(colours);
    place.className = "";
    place.dataset.sheet = "";
    place.replaceChildren(...sheet.map((one) => grown(one)));
  }
  // Until it is seen, and the browser has nothing else to do: to start the program takes the whole machine, and whoever
  // reads may scroll already. A page that nobody sees draws nothing.
  const idle = self.requestIdleCallback ?? ((act) => setTimeout(act, 50));
  if (!document.hidden) await new Promise((seen) => requestAnimationFrame(() => idle(seen, { timeout: 400 })));
})().catch(() => {}); // Whatever is not as it should be: the program draws all of it anyway.
