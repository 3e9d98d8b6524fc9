// Carries every object between the bucket and a folder: `node media.mjs save|load CONFIG STATE FOLDER`.
// Separate and in JavaScript because wrangler has no command that lists a bucket; its own proxy gives the real binding,
// local or (where the settings say `remote`) deployed.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getPlatformProxy } from "wrangler";

const [act, configPath, state, folder] = process.argv.slice(2);
const { env, dispose } = await getPlatformProxy({ configPath, persist: { path: state }, envFiles: [] });
const list = join(folder, "media.json");

async function save() {
  const objects = [];
  let cursor;
  do {
    const page = await env.MEDIA.list({ cursor, include: ["httpMetadata", "customMetadata"] });
    for (const { key } of page.objects) {
      const object = await env.MEDIA.get(key);
      // Deleted since it was listed: then no row of the database asks for it either.
      if (!object) continue;
      const file = `media-${objects.length}`;
      await writeFile(join(folder, file), Buffer.from(await object.arrayBuffer()));
      objects.push({ key, file, httpMetadata: object.httpMetadata ?? {}, customMetadata: object.customMetadata ?? {} });
    }
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor);
  await writeFile(list, JSON.stringify(objects, null, 1));
}

async function load() {
  for (const { key, file, httpMetadata, customMetadata } of JSON.parse(await readFile(list, "utf8"))) {
    await env.MEDIA.put(key, await readFile(join(folder, file)), { httpMetadata, customMetadata });
  }
}

try {
  await (act === "save" ? save() : load());
} finally {
  await dispose();
}
