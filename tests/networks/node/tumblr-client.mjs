// Does one thing at an interface like Tumblr's with Tumblr's own client and prints what came of it as JSON: reads a blog's posts as somebody
// else's program would, with the bytes of pictures and of a video by their hash, or makes one of each kind (one with the video at
// `film`), changes one and takes one down. The client
// speaks TLS alone, and the sandbox does not: what it asks of `https` is asked of `http`.
//   node tumblr-client.mjs '{"act": "posts", "server": "http://localhost:3000", "token": "…", "blog": "villa"}'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const http = require('node:http')
require('node:https').request = (url, options) => http.request(`http:${String(url).slice('https:'.length)}`, options)
const { createClient } = require('tumblr.js')

const order = JSON.parse(process.argv[2])
const client = createClient({
  consumer_key: order.token,
  consumer_secret: 's',
  token: order.token,
  token_secret: 's',
  baseUrl: `https${order.server.slice('http'.length)}`,
})

// A picture of one white point.
const PNG = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55' +
    '0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082',
  'hex',
)

const hash = async (url) =>
  createHash('sha256')
    .update(Buffer.from(await (await fetch(url)).arrayBuffer()))
    .digest('hex')

const picture = async ({ media, alt_text }) => ({ alt: alt_text ?? '', sha256: await hash(media[0].url) })

const video = async ({ media, provider }) => ({ type: media.type, provider, sha256: await hash(media.url) })

const post = async ({ id_string, content, tags }) => ({
  id: id_string,
  text: content.filter(({ type }) => type === 'text').map(({ text }) => text),
  links: content.flatMap(({ formatting }) => formatting ?? []).map(({ url }) => url),
  card: content.find(({ type }) => type === 'link') ?? null,
  pictures: await Promise.all(content.filter(({ type }) => type === 'image').map(picture)),
  videos: await Promise.all(content.filter(({ type }) => type === 'video').map(video)),
  tags,
})

const text = (words) => ({ type: 'text', text: words })

const create = async (content, tags) => (await client.createPost(order.blog, { content, ...(tags && { tags }) })).id

const acts = {
  async posts() {
    const { posts } = await client.blogPosts(order.blog, { npf: true, limit: 20 })
    return Promise.all(posts.map(post))
  },
  async make() {
    const plain = await create([text('Text alone.')], ['One', 'Two'])
    const file = join(await mkdtemp(join(tmpdir(), 'tumblr-')), 'point.png')
    await writeFile(file, PNG)
    const point = { type: 'image', media: createReadStream(file), alt_text: 'A point.' }
    const pictured = await create([text('One picture.'), point])
    const linked = await create([text('A card.'), { type: 'link', url: 'https://town.example', title: 'Town' }])
    await client.editPost(order.blog, plain, { content: [text('Text that was changed.')] })
    const gone = await create([text('Not for long.')])
    await client.deletePost(order.blog, gone)
    return [plain, pictured, linked]
  },
  async film() {
    return [await create([text('A film.'), { type: 'video', media: createReadStream(order.film) }])]
  },
}

console.log(JSON.stringify(await acts[order.act]()))
