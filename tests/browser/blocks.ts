// A font in which every letter is the same block, half as wide as it is tall in the line: what is written and by which font of
// which machine no longer matters to a picture of a page, only where text stands, how much of it, how large and in what colour.
// Made here and not installed: it is the smallest TrueType that a browser takes (OpenType 1.9: head, hhea, maxp, OS/2, hmtx, cmap,
// loca, glyf, name, post).

const EM = 1_000;
const ADVANCE = 500;
/** From the foot of the line to its head, as the metrics say it. */
const [ASCENT, DESCENT] = [800, 200];
/** What is drawn of a letter: the height of a small one, so that lines stay apart. */
const HEIGHT = 520;

/** What may be written on a page: letters of Europe, signs, arrows, drawings. Each pair is the first and the last. */
const WRITTEN = [[0x21, 0x24f], [0x300, 0x36f], [0x2000, 0x2bff], [0xfe0f, 0xfe0f], [0x1f000, 0x1faff]];
/** Of them, what is empty: spaces of every width, and what joins. */
const EMPTY = new Set([0xa0, 0x200b, 0x200c, 0x200d, 0x2060, 0xfe0f, ...Array.from({ length: 11 }, (_, at) => 0x2000 + at)]);

/** Whole numbers of two bytes, the way the format has all of them. */
const words = (...all: number[]): Buffer => {
  const bytes = Buffer.alloc(all.length * 2);
  all.forEach((word, at) => bytes.writeUInt16BE(word & 0xffff, at * 2));
  return bytes;
};
const longs = (...all: number[]): Buffer => {
  const bytes = Buffer.alloc(all.length * 4);
  all.forEach((long, at) => bytes.writeUInt32BE(long >>> 0, at * 4));
  return bytes;
};

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

function sum(bytes: Buffer): number {
  let all = 0;
  for (let at = 0; at < bytes.length; at += 4) all = (all + bytes.readUInt32BE(at)) >>> 0;
  return all;
}

/** Glyph 0 is what is not known and a block too; 1 is a block, 2 is empty. */
function tables(): [string, Buffer][] {
  // One outline of four points, clockwise; of each, how far it is from the one before: across, then up.
  const block = padded(Buffer.concat([
    words(1, 0, 0, ADVANCE, HEIGHT, 3, 0), Buffer.from([1, 1, 1, 1]), words(0, 0, ADVANCE, 0), words(0, HEIGHT, 0, -HEIGHT),
  ]));
  const glyf = Buffer.concat([block, block]);
  // A group for each: this format has no other way to give many the same one.
  const codes = [0x20, ...WRITTEN.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at))];
  const groups = codes.map((code) => longs(code, code, code === 0x20 || EMPTY.has(code) ? 2 : 1));
  const cmap = Buffer.concat([
    words(0, 1, 3, 10), longs(12), words(12, 0), longs(16 + 12 * groups.length, 0, groups.length), ...groups,
  ]);
  const said = Buffer.from('Blocks', 'utf16le').swap16();
  const named = [1, 2, 3, 4, 6].map((what) => words(3, 1, 0x409, what, said.length, 0));
  return [
    ['OS/2', Buffer.concat([
      words(4, ADVANCE, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0), Buffer.alloc(10), longs(1, 0, 0, 0),
      Buffer.from('NONE'), words(0x40, 0x20, 0xffff, ASCENT, -DESCENT, 0, ASCENT, DESCENT), longs(1, 0), words(HEIGHT, 700, 0, 0x20, 1),
    ])],
    ['cmap', cmap],
    ['glyf', glyf],
    ['head', Buffer.concat([
      longs(0x10000, 0x10000, 0, 0x5f0f3cf5), words(3, EM), longs(0, 0, 0, 0), words(0, 0, ADVANCE, HEIGHT, 0, 8, 2, 1, 0),
    ])],
    ['hhea', Buffer.concat([longs(0x10000), words(ASCENT, -DESCENT, 0, ADVANCE, 0, 0, ADVANCE, 1, 0, 0, 0, 0, 0, 0, 0, 1)])],
    ['hmtx', words(ADVANCE, 0, 0, 0)],
    ['loca', longs(0, block.length, glyf.length, glyf.length)],
    ['maxp', Buffer.concat([longs(0x10000), words(3, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)])],
    ['name', Buffer.concat([words(0, named.length, 6 + 12 * named.length), ...named, said])],
    ['post', longs(0x30000, 0, 0xff9c0032, 1, 0, 0, 0, 0)],
  ];
}

/** The file. */
export function blocks(): Buffer {
  const all = tables();
  const power = 2 ** Math.floor(Math.log2(all.length));
  const head = Buffer.concat([
    longs(0x10000), words(all.length, power * 16, Math.log2(power), (all.length - power) * 16),
  ]);
  let at = head.length + 16 * all.length;
  const listed: Buffer[] = [];
  const bodies: Buffer[] = [];
  let headAt = 0;
  for (const [tag, body] of all) {
    const whole = padded(body);
    if (tag === 'head') headAt = at;
    listed.push(Buffer.from(tag), longs(sum(whole), at, body.length));
    bodies.push(whole);
    at += whole.length;
  }
  const file = Buffer.concat([head, ...listed, ...bodies]);
  // With this all of it adds up to what every such file does.
  file.writeUInt32BE((0xb1b0afba - sum(file)) >>> 0, headAt + 8);
  return file;
}
