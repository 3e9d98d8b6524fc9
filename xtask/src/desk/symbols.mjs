// Makes what the desk offers beside the letters of a keyboard (`app/symbols`): emoji and signs, each with its name and the words by
// which it is found, a file for each language of the desk. Run by hand where the sources have a new edition, in an empty folder:
//
//   npm pack emojibase-data@17.0.0 cldr-annotations-full@48.2.0
//   for file in *.tgz; do mkdir "${file%%-[0-9]*}" && tar xzf "$file" -C "${file%%-[0-9]*}" --strip-components 1; done
//   node …/xtask/src/desk/symbols.mjs . …/app
//
// It writes the files under the names by which they are served, and those names into `app/src/pages/symbols/files.rs`. Which emoji
// there are, in which groups and order and with which tones, is emojibase's word (MIT); what they are called, and what the signs
// are, is CLDR's (Unicode-3.0). Not one of the project's own packages: both are fifty times as large as what is taken from them.
//
// A line is `symbol⇥name⇥words`. Without a symbol it is `⇥key⇥name` where a group begins, or `⇥!key⇥name` for a tone of the skin.
// In a symbol `~` stands where a tone goes, and `^` where a tone goes in the place of U+FE0F.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [from, app] = process.argv.slice(2);
const LANGUAGES = ['es', 'en'];
// What a device of three years ago shows: a sign that half of the readers see as a box says nothing to them.
const NEWEST = 15.1;
// Those that only turn another round (👣 to the right): they are twice as many lines for nobody.
const TURNED = '\u27A1';
const FE0F = '\uFE0F';
const TONES = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'];
const MODIFIERS = TONES.map((_, place) => String.fromCodePoint(0x1f3fb + place));

// What a notice of a town hall is written with, and a keyboard does not have.
const SIGNS =
  '• · – — … « » “ ” ‘ ’ ¿ ¡ º ª ° § ¶ № € £ ‰ → ← ↑ ↓ ↗ ↘ ↙ ↖ ↔ ⇒ ► ✓ ✗ ■ □ ▪ ● ○ ◆ ★ ☆ ½ ¼ ¾ ⅓ ⅔ ² ³ ± × ÷ ≠ ≈ ≤ ≥ ∞ µ © ® ™';
// What CLDR has no name for, or another edition of the same sign has.
const OWN = {
  es: {
    '•': ['punto de lista', 'bolo viñeta topo boliche'],
    'º': ['ordinal masculino', 'primero numero o volada'], 'ª': ['ordinal femenino', 'primera numero a volada'],
    '№': ['número', 'abreviatura numeral'], '✓': ['marca de verificación', 'correcto hecho si visto tick'],
    '✗': ['aspa', 'no incorrecto mal cruz'], '★': ['estrella', 'rellena importante'], '☆': ['estrella hueca', 'importante'],
    '½': ['un medio', 'fraccion mitad'], '¼': ['un cuarto', 'fraccion'], '¾': ['tres cuartos', 'fraccion'],
    '⅓': ['un tercio', 'fraccion'], '⅔': ['dos tercios', 'fraccion'],
  },
  en: {
    'º': ['masculine ordinal', 'first number'], 'ª': ['feminine ordinal', 'first number'], '№': ['number sign', 'numero'],
    '✓': ['check mark', 'tick done yes correct'], '✗': ['ballot cross', 'no wrong x'], '★': ['black star', 'important'],
    '☆': ['white star', 'important'], '½': ['one half', 'fraction'], '¼': ['one quarter', 'fraction'],
    '¾': ['three quarters', 'fraction'], '⅓': ['one third', 'fraction'], '⅔': ['two thirds', 'fraction'],
  },
};
const GROUPS = {
  es: ['Caras y emociones', 'Personas y gestos', null, 'Animales y naturaleza', 'Comida y bebida', 'Viajes y lugares', 'Actividades', 'Objetos', 'Símbolos', 'Banderas'],
  en: ['Faces and feelings', 'People and gestures', null, 'Animals and nature', 'Food and drink', 'Travel and places', 'Activities', 'Objects', 'Symbols', 'Flags'],
};
const NOTICES = { es: 'Signos para avisos', en: 'Signs for notices' };
// Words that say nothing, and so find nothing.
const SMALL = { es: 'a al con de del el en la las los o para por que sin su un una y', en: 'a an and at for in of on or the to with' };

// As the desk folds what is typed: without accents, in small letters.
const folded = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const wordsOf = (text) => folded(text).split(/[^\p{L}\p{N}@#%&$€]+/u).filter(Boolean);

// A symbol with the places of its tones, or as it is.
function toned(emoji) {
  const skins = (emoji.skins ?? []).filter((skin) => typeof skin.tone === 'number' || new Set([skin.tone].flat()).size === 1);
  const bare = emoji.emoji;
  if (skins.length < MODIFIERS.length) return bare;
  const last = skins.find((skin) => [skin.tone].flat()[0] === 5).emoji;
  const plain = last.replaceAll(MODIFIERS[4], '~');
  // Where a tone stands in the place of the selector: put it back and see which makes the symbol without a tone.
  for (let which = 0; which < 2 ** plain.split('~').length; which += 1) {
    let place = -1;
    const template = plain.replace(/~/g, () => (which >> (place += 1)) & 1 ? '^' : '~');
    if (template.replaceAll('~', '').replaceAll('^', FE0F) !== bare) continue;
    for (const skin of skins) {
      const tone = MODIFIERS[[skin.tone].flat()[0] - 1];
      if (template.replace(/[~^]/g, tone) !== skin.emoji) throw new Error(`${bare} is not put together as ${skin.emoji}`);
    }
    return template;
  }
  // Two people who are another symbol without a tone (👫, 🤝): with one they are two symbols joined.
  return bare;
}

function line(symbol, name, words, lang) {
  if (/[~^\t\n]/.test(name)) throw new Error(`a name that would be read as something else: ${name}`);
  const small = new Set([...SMALL[lang].split(' '), ...wordsOf(name)]);
  const more = [...new Set(words.flatMap(wordsOf))].filter((word) => !small.has(word));
  return `${symbol}\t${name}\t${more.join(' ')}`;
}

const read = (...path) => JSON.parse(readFileSync(join(from, ...path), 'utf8'));

function file(lang) {
  const names = read('cldr-annotations-full', 'annotations', lang, 'annotations.json').annotations.annotations;
  const { skinTones } = read('emojibase-data', lang, 'messages.json');
  const lines = TONES.map((tone) => `\t!${tone}\t${skinTones.find(({ key }) => key === tone).message}`);
  lines.push(`\tnotices\t${NOTICES[lang]}`);
  for (const sign of SIGNS.split(' ')) {
    const [name, words] = OWN[lang][sign] ?? [names[sign]?.tts[0], (names[sign]?.default ?? []).join(' ')];
    if (!name) throw new Error(`${sign} has no name in ${lang}`);
    lines.push(line(sign, name, [words], lang));
  }
  const keys = read('emojibase-data', lang, 'messages.json').groups;
  const all = read('emojibase-data', lang, 'data.json').filter((one) => one.group !== undefined && GROUPS[lang][one.group]);
  const shown = all.filter((one) => one.version <= NEWEST && !one.emoji.includes(TURNED + FE0F));
  shown.sort((one, other) => one.group - other.group || one.order - other.order);
  let group;
  for (const one of shown) {
    if (one.group !== group) lines.push(`\t${keys.find(({ order }) => order === one.group).key}\t${GROUPS[lang][one.group]}`);
    group = one.group;
    lines.push(line(toned(one), one.label, one.tags ?? [], lang));
  }
  return lines.join('\n') + '\n';
}

const folder = join(app, 'symbols');
for (const old of readdirSync(folder).filter((name) => name.endsWith('.txt'))) rmSync(join(folder, old));
const constants_ = LANGUAGES.map((lang) => {
  const text = file(lang);
  const name = `symbols-${lang}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.txt`;
  writeFileSync(join(folder, name), text);
  const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } });
  console.log(`${name}: ${text.split('\n').length} lines, ${Buffer.byteLength(text)} bytes, ${packed.length} packed`);
  return `/// What is offered in ${lang === 'es' ? 'Spanish' : 'English'}.\npub const ${lang.toUpperCase()}: &str = "${name}";\n`;
});
writeFileSync(
  join(app, 'src/pages/symbols/files.rs'),
  `//! How the files of \`app/symbols\` are called. Written by \`xtask/src/desk/symbols.mjs\`: a name changes with what is in its file.\n\n${constants_.join('')}`,
);
