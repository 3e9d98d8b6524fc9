//! Pictures, in the browser: looked at, decoded, made smaller, written anew and hashed, before anything is sent.
//! Separate because the engine has 10 ms: whatever needs pixels happens here. Writing anew drops every hidden block
//! of the file (position, camera, thumbnails), and we say so when a position was among them.

mod beside;
mod header;

use domain::{
    PictureType,
    crop::{Part, Turn},
    lettering::Grid,
    look::{Look, shades},
    media::{Cut, THUMBNAIL_BYTES, THUMBNAIL_SIDE, cut, is_heic, within},
    poster, record,
};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, ArrayBuffer, Function, Promise, Reflect, Uint8Array, Uint8ClampedArray};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlVideoElement, ImageBitmap, Response, Url};

use header::Header;

/// The longest side that is kept: twice what any network shows on a phone.
pub const LONGEST: u32 = 2_048;
/// The longest side of what is shown while it is worked on: enough for the widest dialog on a dense screen, and a tenth of a photo.
const SHOWN: u32 = 1_024;
/// Files above this are not even read: no camera writes them.
const MOST_FILE: f64 = 60_000_000.0;
/// Bluesky takes 2,000,000 bytes; what fits there fits everywhere.
const ROOM: f64 = 1_900_000.0;

/// How well a drawing is written, from the best on until it fits.
const QUALITIES: [f64; 4] = [0.88, 0.82, 0.7, 0.55];
/// The same of a small one.
const LIGHT: [f64; 3] = [0.6, 0.4, 0.2];

/// As what a drawing is written, and the most bytes of it. What does not fit becomes a JPEG.
#[derive(Debug, Clone, Copy)]
struct Order {
    mime: PictureType,
    room: f64,
}

/// How the part that is kept is laid down, and what over it.
#[derive(Debug, Default)]
pub struct Laid {
    /// How it is turned.
    pub turn: Turn,
    /// What is laid over it, the lowest first.
    pub over: Vec<Layer>,
}

/// A picture that is laid over another.
#[derive(Debug)]
pub struct Layer {
    /// Its file.
    pub file: Blob,
    /// Where it comes to lie, in pixels of what is drawn.
    pub at: Part,
}

/// A picture while it is worked on: small, and turned as it is. Its address holds as long as this.
#[derive(Debug)]
pub struct Shown {
    /// Where the page shows it from.
    pub address: String,
    /// Whether there are probably letters in it.
    pub has_letters: bool,
}

impl Drop for Shown {
    fn drop(&mut self) {
        // Fails only for an address that never was one.
        let _ = Url::revoke_object_url(&self.address);
    }
}

/// A picture ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Ready {
    /// Its bytes, written anew.
    pub bytes: Vec<u8>,
    /// Their type.
    pub mime: PictureType,
    /// Their SHA-256.
    pub hash: String,
    /// The name of the file it came from.
    pub name: String,
    /// Whether the file said where it was taken; it no longer does.
    pub had_position: bool,
    /// Whether the file was animated; only its first frame is left.
    pub moved: bool,
    /// A small version of it, where one could be made: for lists in the desk, and for nothing that is judged or published.
    pub small: Option<Small>,
    /// What it looks like, where it has a shape.
    pub look: Option<Look>,
}

/// A small version of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Small {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their type.
    pub mime: PictureType,
}

/// Why a file cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// Not a JPEG, PNG or WebP picture.
    NotAPicture,
    /// A HEIC picture, as an iPhone writes it.
    Heic,
    /// A GIF: not every network keeps its motion, and none says so.
    Gif,
    /// Too heavy, or declares too many pixels.
    TooLarge,
    /// The browser could not decode it: it is broken.
    Broken,
}

/// Prepares a file that a person chose, dropped or pasted.
///
/// # Errors
/// `Unusable` says why not.
pub async fn prepare(file: File) -> Result<Ready, Unusable> {
    if file.size() > MOST_FILE {
        return Err(Unusable::TooLarge);
    }
    let original = read(&file).await.ok_or(Unusable::Broken)?;
    let header = Header::read(&original).ok_or_else(|| none(&original))?;
    if u64::from(header.width) * u64::from(header.height) > wire::media::MOST_PIXELS {
        return Err(Unusable::TooLarge);
    }
    let whole = |size: (u32, u32)| Cut { drawn: within(size, LONGEST), ..cut(size, None, None) };
    let order = Order { mime: header.mime, room: ROOM };
    read_as(&file, whole, order, header).await
}

/// Prepares a file that a person brought, of which the header was read.
async fn read_as(
    file: &File,
    kept: impl Fn((u32, u32)) -> Cut,
    order: Order,
    header: Header,
) -> Result<Ready, Unusable> {
    let ready = ready(file, kept, order, &Laid::default(), (file.name(), header.position)).await;
    ready.map(|ready| Ready { moved: header.moves, ..ready }).ok_or(Unusable::Broken)
}

/// Why a file is no picture of ours.
fn none(file: &[u8]) -> Unusable {
    if is_heic(file) {
        Unusable::Heic
    } else if file.starts_with(b"GIF8") {
        Unusable::Gif
    } else {
        Unusable::NotAPicture
    }
}

/// A version of a stored picture that networks take: the part of it that is kept, as JPEG of at most so many bytes. `None` if the
/// browser cannot make it.
pub async fn fitted(address: &str, kept: impl Fn((u32, u32)) -> Cut, most: u32, name: String) -> Option<Ready> {
    let order = Order { mime: PictureType::Jpeg, room: f64::from(most).min(ROOM) };
    ready(&fetched(address).await?, kept, order, &Laid::default(), (name, false)).await
}

/// The file of a stored picture. `None` if it could not be had.
pub async fn fetched(address: &str) -> Option<Blob> {
    let answer: Response = JsFuture::from(web_sys::window()?.fetch_with_str(address)).await.ok()?.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.blob().ok()?).await.ok()?.dyn_into().ok()
}

/// A stored picture to be worked on: all of it, small, and turned. `None` if the browser cannot show it.
pub async fn shown(stored: &Blob, mime: PictureType, turn: Turn) -> Option<Shown> {
    let laid = Laid { turn, over: Vec::new() };
    let kept = |size| Cut { from: (0, 0), part: size, drawn: turn.size(within(size, SHOWN)) };
    let made = made(stored, kept, Order { mime, room: ROOM }, &laid).await?;
    let has_letters = made.grid.is_some_and(|grid| grid.has_letters());
    Some(Shown { address: Url::create_object_url_with_blob(&made.blob).ok()?, has_letters })
}

/// What somebody made of a stored picture, in its own type. `None` if the browser cannot make it.
pub async fn worked(stored: &Blob, mime: PictureType, kept: Cut, laid: &Laid, name: String) -> Option<Ready> {
    ready(stored, |_| kept, Order { mime, room: ROOM }, laid, (name, false)).await
}

/// Prepares a file that a person chose for the poster of a video: a JPEG, which is what every network takes for one.
///
/// # Errors
/// `Unusable` says why not.
pub async fn as_poster(file: File) -> Result<Ready, Unusable> {
    if file.size() > MOST_FILE {
        return Err(Unusable::TooLarge);
    }
    let original = read(&file).await.ok_or(Unusable::Broken)?;
    let header = Header::read(&original).ok_or_else(|| none(&original))?;
    if u64::from(header.width) * u64::from(header.height) > wire::media::MOST_PIXELS {
        return Err(Unusable::TooLarge);
    }
    let whole = |size: (u32, u32)| Cut { drawn: within(size, poster::LONGEST), ..cut(size, None, None) };
    read_as(&file, whole, Order { mime: PictureType::Jpeg, room: ROOM }, header).await
}

/// A moment of a video, in milliseconds, as a JPEG. The player is moved there. `None` if it cannot be shown: the browser may not
/// know how the video is coded.
pub async fn moment(player: &HtmlVideoElement, at: u32, name: String) -> Option<Ready> {
    shows(player, f64::from(at) / 1_000.0).await?;
    let size = (player.video_width(), player.video_height());
    if size.0 == 0 || size.1 == 0 {
        return None;
    }
    let (width, height) = within(size, poster::LONGEST);
    let canvas = empty((width, height))?;
    let (across, down) = (width.into(), height.into());
    context(&canvas)?.draw_image_with_html_video_element_and_dw_and_dh(player, 0.0, 0.0, across, down).ok()?;
    let made = made_of(&canvas, Order { mime: PictureType::Jpeg, room: ROOM }).await?;
    hashed(made, name, false).await
}

/// Waits until a player shows a moment. Asked again and again, because a player that has not begun to load tells of no end of a
/// move that it never began.
async fn shows(player: &HtmlVideoElement, seconds: f64) -> Option<()> {
    /// There is a picture of where it stands (`HAVE_CURRENT_DATA`).
    const PICTURE: u16 = 2;
    /// There is nothing that it can play (`NETWORK_NO_SOURCE`).
    const NOTHING: u16 = 3;
    if (player.current_time() - seconds).abs() > 0.000_5 {
        player.set_current_time(seconds);
    }
    for _ in 0..200 {
        if player.ready_state() >= PICTURE && !player.seeking() {
            return Some(());
        }
        if player.network_state() == NOTHING {
            return None;
        }
        TimeoutFuture::new(50).await;
    }
    None
}

/// What was drawn of a picture: the file, what it looks like small, and what that says.
struct Made {
    blob: Blob,
    small: Option<Small>,
    look: Option<Look>,
    /// The greys of the small one.
    grid: Option<Grid>,
}

/// Draws the part of a file that is kept, and makes it ready to be stored.
async fn ready(
    file: &Blob,
    kept: impl Fn((u32, u32)) -> Cut,
    order: Order,
    laid: &Laid,
    (name, had_position): (String, bool),
) -> Option<Ready> {
    hashed(made(file, kept, order, laid).await?, name, had_position).await
}

/// Draws the part of a file that is kept, beside the page where the browser can, else here.
async fn made(file: &Blob, kept: impl Fn((u32, u32)) -> Cut, order: Order, laid: &Laid) -> Option<Made> {
    match beside::made(file, &kept, order, laid).await {
        Some(beside::Made { blob, small, pixels: (pixels, size) }) => {
            let small = match small {
                Some(small) => Small::read(&small).await,
                None => None,
            };
            Some(Made { blob, small, look: look_of(&pixels, size), grid: grid_of(&pixels, size) })
        }
        None => made_of(&drawn(file, kept, laid).await?, order).await,
    }
}

/// Of a drawing.
async fn made_of(canvas: &HtmlCanvasElement, order: Order) -> Option<Made> {
    let blob = written(canvas, order).await?;
    // Without them it is stored all the same.
    let small = shrunk(canvas);
    let pixels = small.as_ref().and_then(pixels);
    let look = pixels.as_ref().and_then(|(all, size)| look_of(all, *size));
    let grid = pixels.as_ref().and_then(|(all, size)| grid_of(all, *size));
    let small = match &small {
        Some(small) => lightest(small).await,
        None => None,
    };
    Some(Made { blob, small, look, grid })
}

async fn hashed(Made { blob, small, look, .. }: Made, name: String, had_position: bool) -> Option<Ready> {
    let bytes = read(&blob).await?;
    // What the browser really wrote, not what was asked: some cannot write WebP and answer PNG.
    let mime = Header::read(&bytes)?.mime;
    Some(Ready { hash: sha256(&bytes).await, mime, name, had_position, moved: false, bytes, small, look })
}

impl Small {
    async fn read(blob: &Blob) -> Option<Self> {
        let bytes = read(blob).await?;
        Some(Self { mime: Header::read(&bytes)?.mime, bytes })
    }
}

/// The drawing once more, small, on white.
fn shrunk(canvas: &HtmlCanvasElement) -> Option<HtmlCanvasElement> {
    let (width, height) = within((canvas.width(), canvas.height()), THUMBNAIL_SIDE);
    let small = empty((width, height))?;
    let context = context(&small)?;
    context.set_fill_style_str("#ffffff");
    context.fill_rect(0.0, 0.0, width.into(), height.into());
    context.draw_image_with_html_canvas_element_and_dw_and_dh(canvas, 0.0, 0.0, width.into(), height.into()).ok()?;
    Some(small)
}

/// A small drawing as JPEG of few bytes: of the types that every browser writes, the one for photos.
async fn lightest(small: &HtmlCanvasElement) -> Option<Small> {
    for quality in LIGHT {
        let blob = encoded(small, PictureType::Jpeg, quality).await?;
        if blob.size() <= THUMBNAIL_BYTES as f64 {
            return Small::read(&blob).await;
        }
    }
    None
}

/// The points of a drawing, four bytes each, and its size.
fn pixels(small: &HtmlCanvasElement) -> Option<(Vec<u8>, (u32, u32))> {
    let context = context(small)?;
    // By name: it is one call, and the type of what it answers is needed nowhere else.
    let read: Function = Reflect::get(&context, &"getImageData".into()).ok()?.dyn_into().ok()?;
    let (width, height) = (small.width(), small.height());
    let part: Array = [0, 0, width, height].into_iter().map(JsValue::from).collect();
    let data = Reflect::apply(&read, &context, &part).ok()?;
    let pixels: Uint8ClampedArray = Reflect::get(&data, &"data".into()).ok()?.dyn_into().ok()?;
    Some((pixels.to_vec(), (width, height)))
}

fn look_of(pixels: &[u8], (width, height): (u32, u32)) -> Option<Look> {
    Look::of(&shades(pixels, (width as usize, height as usize))?)
}

fn grid_of(pixels: &[u8], (width, height): (u32, u32)) -> Option<Grid> {
    Grid::of(pixels, (width as usize, height as usize))
}

async fn read(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Decodes (which also turns it the way its EXIF says) and draws the part that is kept, in the size that is kept.
async fn drawn(file: &Blob, kept: impl Fn((u32, u32)) -> Cut, laid: &Laid) -> Option<HtmlCanvasElement> {
    let bitmap = decoded(file).await?;
    let Cut { from, part, drawn } = kept((bitmap.width(), bitmap.height()));
    let canvas = empty(drawn)?;
    let context = context(&canvas)?;
    let [left, top, across, down] = [from.0, from.1, part.0, part.1].map(f64::from);
    let (width, height) = (f64::from(drawn.0), f64::from(drawn.1));
    let turned = match laid.turn {
        Turn::Upright => Ok(()),
        Turn::Right => context.set_transform(0.0, 1.0, -1.0, 0.0, width, 0.0),
        Turn::Over => context.set_transform(-1.0, 0.0, 0.0, -1.0, width, height),
        Turn::Left => context.set_transform(0.0, -1.0, 1.0, 0.0, 0.0, height),
    };
    turned.ok()?;
    // On its side, across and down change places.
    let (wide, high) = laid.turn.size(drawn);
    context
        .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &bitmap,
            left,
            top,
            across,
            down,
            0.0,
            0.0,
            wide.into(),
            high.into(),
        )
        .ok()?;
    bitmap.close();
    context.reset_transform().ok()?;
    for Layer { file, at } in &laid.over {
        let layer = decoded(file).await?;
        let [left, top, across, down] = [at.left, at.top, at.across, at.down].map(f64::from);
        context.draw_image_with_image_bitmap_and_dw_and_dh(&layer, left, top, across, down).ok()?;
        layer.close();
    }
    Some(canvas)
}

async fn decoded(file: &Blob) -> Option<ImageBitmap> {
    let promise = web_sys::window()?.create_image_bitmap_with_blob(file).ok()?;
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

fn empty((width, height): (u32, u32)) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = web_sys::window()?.document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    Some(canvas)
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// The drawing as a file: in its own type if that fits, else as ever smaller JPEG.
async fn written(canvas: &HtmlCanvasElement, Order { mime, room }: Order) -> Option<Blob> {
    if mime != PictureType::Jpeg {
        let first = encoded(canvas, mime, QUALITIES[0]).await?;
        if first.size() <= room {
            return Some(first);
        }
    }
    as_jpeg(canvas, room).await
}

/// The drawing as JPEG, ever smaller until it fits.
async fn as_jpeg(canvas: &HtmlCanvasElement, room: f64) -> Option<Blob> {
    // JPEG has no transparency: what was clear would turn black, so white goes behind it.
    let context = context(canvas)?;
    context.set_global_composite_operation("destination-over").ok()?;
    context.set_fill_style_str("#ffffff");
    context.fill_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
    let mut smallest = None;
    for quality in QUALITIES {
        let blob = encoded(canvas, PictureType::Jpeg, quality).await?;
        let fits = blob.size() <= room;
        smallest = Some(blob);
        if fits {
            break;
        }
    }
    smallest
}

async fn encoded(canvas: &HtmlCanvasElement, mime: PictureType, quality: f64) -> Option<Blob> {
    let promise = Promise::new(&mut |resolve, _reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            // The resolver of a promise cannot throw.
            let _ = resolve.call1(&JsValue::UNDEFINED, &blob);
        });
        // On failure nothing is resolved by the browser; `toBlob` only throws for tainted canvases, ours are not.
        let _ = canvas.to_blob_with_type_and_encoder_options(
            done.unchecked_ref(),
            mime.mime(),
            &JsValue::from_f64(quality),
        );
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// By the browser's own digest; by ours where the page is not in a secure context and has none.
async fn sha256(bytes: &[u8]) -> String {
    let digest = async {
        let crypto = web_sys::window()?.crypto().ok()?.subtle();
        let data = Uint8Array::from(bytes);
        let promise = crypto.digest_with_str_and_js_u8_array("SHA-256", &data).ok()?;
        let buffer: ArrayBuffer = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
        Some(record::to_hex(&Uint8Array::new(&buffer).to_vec()))
    };
    match digest.await {
        Some(hash) => hash,
        None => record::sha256_hex(bytes),
    }
}
