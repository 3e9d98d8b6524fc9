// What this device keeps for the approver's page: what waits, its pictures, and decisions that were signed and have not
// arrived. `cargo xtask` writes this into the page and into its service worker: both need it, neither can wait for a file.
//
// Everything is sealed (AES-GCM) under a key that the browser made and does not give out: it lies in the same database,
// so it protects from who reads the disk and not from who holds the unlocked device. Each thing knows when it must be gone.
self.pregonKeep = (() => {
  const NAME = "pregon-decide";
  // A picture is at most 10 MB, mostly a tenth of one; a phone is not to be filled.
  const MOST_PICTURES = 40;
  const DAYS_3 = 72 * 3_600_000;
  let opened;

  const settled = (request) =>
    new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });

  function open() {
    opened ??= (async () => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("keys");
        asked.result.createObjectStore("kept", { keyPath: "name" }).createIndex("until", "until");
      };
      const database = await settled(asked);
      // Somebody signed out on another page: nothing may hold on to it.
      database.onversionchange = () => {
        database.close();
        opened = undefined;
      };
      // Nobody waits for it: what is too old is not read, whether it is gone already or not.
      tidy(database).catch(() => {});
      return database;
    })();
    opened.catch(() => (opened = undefined));
    return opened;
  }

  async function tidy(database) {
    const old = await settled(store(database).index("until").getAllKeys(IDBKeyRange.upperBound(Date.now())));
    for (const name of old) await settled(store(database, "readwrite").delete(name));
  }

  const store = (database, mode = "readonly", name = "kept") => database.transaction(name, mode).objectStore(name);

  async function key(database) {
    const find = () => settled(store(database, "readonly", "keys").get("key"));
    const found = await find();
    if (found) return found;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Two pages at once: the first one's stays.
    await settled(store(database, "readwrite", "keys").add(made, "key")).catch(() => {});
    return find();
  }

  // The name is bound to what is in the box: one cannot be put in the other's place.
  const manner = (name, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) });

  async function put(name, bytes, until, kind) {
    const database = await open();
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const box = await crypto.subtle.encrypt(manner(name, iv), await key(database), bytes);
    await settled(store(database, "readwrite").put({ name, until, iv, box, kind }));
  }

  async function unsealed(database, asked) {
    // Both at once: each takes its time, on an old phone more than the opening.
    const [thing, own] = await Promise.all([asked, key(database)]);
    if (!thing || thing.until < Date.now()) return null;
    // What cannot be opened was sealed under a key that is gone: it is as gone as the key.
    return crypto.subtle.decrypt(manner(thing.name, thing.iv), own, thing.box).catch(() => null);
  }

  const text = (bytes) => bytes && new TextDecoder().decode(bytes);
  const starting = (prefix) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

  // Whatever the browser refuses (a private window, a full disk): nothing is kept, and the page works with a network.
  const or = (otherwise, act) => (...given) => act(...given).catch(() => otherwise);

  // One after the other: what is being forgotten is not put back by what was being kept.
  let turn = Promise.resolve();
  const inTurn = (act) => (...given) => (turn = turn.then(() => act(...given)));

  const keep = inTurn(or(false, async (name, words, until) => {
    await put(name, new TextEncoder().encode(words), until);
    return true;
  }));

  const read = or(null, async (name) => {
    const database = await open();
    return text(await unsealed(database, settled(store(database).get(name))));
  });

  // Every text whose name begins like this, in the order of their names: `[[name, text], …]` as JSON.
  const all = or("[]", async (prefix) => {
    const database = await open();
    const found = [];
    for (const thing of await settled(store(database).getAll(starting(prefix)))) {
      const words = text(await unsealed(database, thing));
      if (words !== null) found.push([thing.name, words]);
    }
    return JSON.stringify(found);
  });

  // Forgets everything whose name begins like this; with nothing, everything, and the key too.
  const forget = inTurn(or(undefined, async (prefix = "") => {
    const database = await open();
    await settled(store(database, "readwrite").delete(starting(prefix)));
    if (!prefix) await settled(store(database, "readwrite", "keys").clear());
  }));

  // Keeps these pictures and no others.
  const pictures = or(undefined, async (...wanted) => {
    const database = await open();
    const here = await settled(store(database).getAllKeys(starting("picture.")));
    const names = new Set(wanted.slice(0, MOST_PICTURES).map((id) => `picture.${id}`));
    for (const name of here) if (!names.delete(name)) await settled(store(database, "readwrite").delete(name));
    for (const name of names) {
      const answer = await fetch(`/api/media/${name.slice(8)}`);
      if (answer.ok) await put(name, await answer.arrayBuffer(), Date.now() + DAYS_3, answer.headers.get("content-type"));
    }
  });

  const picture = or(null, async (id) => {
    const database = await open();
    const asked = settled(store(database).get(`picture.${id}`));
    const bytes = await unsealed(database, asked);
    return bytes && new Response(bytes, { headers: { "content-type": (await asked).kind } });
  });

  // Sends what waits, without a page: for the browser's background sync. What the engine takes is forgotten; what it
  // refuses stays, and the page will ask again and say why. Answers whether the line held to the end.
  const send = or(false, async () => {
    for (const [name, words] of JSON.parse(await all("out."))) {
      const { post, decide, label } = JSON.parse(words);
      if (label.refused) continue;
      const body = JSON.stringify(decide);
      const headers = { "x-pregon": "1", "content-type": "application/json" };
      const answer = await fetch(`/api/posts/${post}/decisions`, { method: "POST", headers, body });
      if (answer.ok) await forget(name);
      else if (answer.status === 401 || answer.status === 429 || answer.status >= 500) return false;
    }
    return true;
  });

  // Asks the browser to send once there is a network, also when no page is open. Not every browser can.
  const later = or(undefined, async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.sync?.register("decisions");
  });

  return { keep, read, all, forget, pictures, picture, send, later };
})();
