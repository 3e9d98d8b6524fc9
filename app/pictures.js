// Draws pictures beside the page: what takes a phone a fifth of a second must not keep anybody from typing. It decides nothing:
// which part, how large, as what and of how many bytes at most is told by `app/src/platform/pictures/beside.rs`, which draws by
// itself where a browser cannot do this.
//
// First comes `{ file }`, answered by its size as it is shown; then what to draw of it, answered by what was drawn. An answer of
// null: it cannot be done.
const JPEG = "image/jpeg";

let bitmap;

// Ever smaller until it fits. JPEG has no transparency: what was clear would turn black, so white goes behind it.
async function smaller(canvas, room, qualities) {
  const context = canvas.getContext("2d");
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  let blob;
  for (const quality of qualities) {
    blob = await canvas.convertToBlob({ type: JPEG, quality });
    if (blob.size <= room) break;
  }
  return blob;
}

// Turned by so many quarters to the right: on its side, across and down change places.
function drawing(source, [left, top, across, down], [width, height], quarters = 0) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const turns = [[1, 0, 0, 1, 0, 0], [0, 1, -1, 0, width, 0], [-1, 0, 0, -1, width, height], [0, -1, 1, 0, 0, height]];
  context.setTransform(...turns[quarters]);
  const [wide, high] = quarters % 2 ? [height, width] : [width, height];
  context.drawImage(source, left, top, across, down, 0, 0, wide, high);
  context.resetTransform();
  return canvas;
}

async function draw({ part, drawn, quarters, over, mime, room, qualities, small }) {
  const canvas = drawing(bitmap, part, drawn, quarters);
  bitmap.close();
  for (const { file, at } of over) {
    const layer = await createImageBitmap(file);
    canvas.getContext("2d").drawImage(layer, ...at);
    layer.close();
  }
  let blob = mime === JPEG ? null : await canvas.convertToBlob({ type: mime, quality: qualities[0] });
  if (!blob || blob.size > room) blob = await smaller(canvas, room, qualities);
  // What it looks like small, on white.
  const thumbnail = drawing(canvas, [0, 0, ...drawn], small.drawn);
  const light = await smaller(thumbnail, small.room, small.qualities);
  const { data } = thumbnail.getContext("2d").getImageData(0, 0, ...small.drawn);
  return { blob, small: light.size <= small.room ? light : null, pixels: data };
}

self.onmessage = async ({ data: order }) => {
  try {
    if (order.file) {
      // Which also turns it the way its EXIF says.
      bitmap = await createImageBitmap(order.file);
      self.postMessage({ size: [bitmap.width, bitmap.height] });
    } else {
      self.postMessage(await draw(order));
    }
  } catch {
    self.postMessage(null);
  }
};
