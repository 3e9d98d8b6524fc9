// The texts of the desk, read from its own locale files: a journey names what a person sees by its key, so it is told
// in every language and breaks when a text is gone, not when a text is mended.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export type Words = (key: string, holes?: Record<string, string>) => string;

function read(tag: string): Map<string, string> {
  const folder = join(__dirname, '../../words/locales', tag);
  const texts = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    let section = '';
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const header = /^\[(.+)\]$/.exec(line.trim());
      const pair = /^([\w.-]+)\s*=\s*("(?:[^"\\]|\\.)*")/.exec(line.trim());
      // One for each number: `key_one`, `key_other`.
      const plural = /^([\w.-]+)\s*=\s*\{(.*)\}$/.exec(line.trim());
      const key = (name: string) => `${file.replace('.toml', '')}_${section}${name}`;
      if (header) section = `${header[1]}_`;
      else if (pair) texts.set(key(pair[1]), JSON.parse(pair[2]));
      else if (plural) {
        for (const [, form, text] of plural[2].matchAll(/(\w+)\s*=\s*("(?:[^"\\]|\\.)*")/g)) texts.set(key(`${plural[1]}_${form}`), JSON.parse(text));
      }
    }
  }
  return texts;
}

/** The texts of a locale (`es-ES`): `words('compose_submit')`. */
export function wordsOf(locale: string | undefined): Words {
  const texts = read((locale ?? 'es').slice(0, 2));
  return (key, holes = {}) => {
    const text = texts.get(key);
    if (text === undefined) throw new Error(`no text is called ${key}`);
    return text.replace(/\{(\w+)\}/g, (hole, name) => holes[name] ?? hole);
  };
}
