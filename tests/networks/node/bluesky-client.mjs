// Does one thing at a Bluesky server with the network's own client and prints what came of it as JSON: makes accounts
// and app passwords as a person would in their settings, and reads what an account has published as a reader's
// program would. Nothing of it knows how we write: that is the point.
//   node bluesky-client.mjs '{"act": "posts", "server": "http://localhost:2583", "did": "did:plc:…"}'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AppBskyFeedPost, AppBskyFeedThreadgate, AtpAgent, RichText } from '@atproto/api'

const POSTS = 'app.bsky.feed.post'
const GATES = 'app.bsky.feed.threadgate'
const order = JSON.parse(process.argv[2])
// A picture of one white point, and words for a film.
const PNG = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55' +
    '0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082',
  'hex',
)
const VTT = 'WEBVTT\n\n00:00:00.500 --> 00:00:01.000\nBy another program.\n'

const agent = new AtpAgent({ service: order.server })
const signIn = () => agent.login({ identifier: order.handle, password: order.password })

/** A blob as a reader gets it. */
const blob = (did, ref) => agent.com.atproto.sync.getBlob({ did, cid: ref.toString() })

/** The records as they are now, each with its blobs. One may be written over in between, and what it named is then
 * gone; and the server makes a blob permanent behind the answer of the write that names it. So the records are read again. */
const read = async (tries = 10) => {
  const { data } = await agent.com.atproto.repo.listRecords({ repo: order.did, collection: POSTS, limit: 100 })
  try {
    return await Promise.all(data.records.map((record) => post(order.did, record)))
  } catch (error) {
    if (tries === 0 || error.message !== 'Blob not found') throw error
    await new Promise((done) => setTimeout(done, 300))
    return read(tries - 1)
  }
}

/** A picture as a reader gets it: the bytes that the server serves, by their own hash. */
const image = async (did, { alt, aspectRatio, image }) => {
  const { data, headers } = await blob(did, image.ref)
  const sha256 = createHash('sha256').update(data).digest('hex')
  return { alt, aspectRatio, mime: headers['content-type'], sha256 }
}

/** A video, in the same way. */
const film = async (did, { alt, aspectRatio, video, captions }) => {
  const { data, headers } = await blob(did, video.ref)
  const sha256 = createHash('sha256').update(data).digest('hex')
  const shown = { alt, aspectRatio, mime: headers['content-type'], sha256 }
  return captions ? { ...shown, captions: await Promise.all(captions.map((one) => words(did, one))) } : shown
}

/** Captions, in the same way. */
const words = async (did, { lang, file }) => {
  const { data } = await blob(did, file.ref)
  return { lang, mime: file.mimeType, text: Buffer.from(data).toString('utf8') }
}

/** A post in the pieces that a reader sees, cut by the client at the facets' bytes. */
const post = async (did, { uri, cid, value }) => {
  const { success, error } = AppBskyFeedPost.validateRecord(value)
  const rich = new RichText({ text: value.text, facets: value.facets })
  const pieces = [...rich.segments()].map((piece) => ({
    text: piece.text,
    link: piece.link?.uri,
    mention: piece.mention?.did,
    tag: piece.tag?.tag,
  }))
  return {
    uri,
    cid,
    key: uri.split('/').pop(),
    valid: success ? true : String(error),
    text: value.text,
    graphemes: rich.graphemeLength,
    langs: value.langs,
    reply: value.reply,
    created: value.createdAt,
    pieces,
    images: await Promise.all((value.embed?.images ?? []).map((one) => image(did, one))),
    video: value.embed?.video ? await film(did, value.embed) : undefined,
    card: value.embed?.external,
  }
}

const acts = {
  async account() {
    const { handle, password } = order
    const { data } = await agent.createAccount({ handle, password, email: `${handle}@mail.test` })
    return { did: data.did }
  },
  async app_password() {
    await signIn()
    const { data } = await agent.com.atproto.server.createAppPassword({ name: order.name })
    return { password: data.password }
  },
  /** Every app password, as somebody does who is not sure which. */
  async revoke() {
    await signIn()
    const { data } = await agent.com.atproto.server.listAppPasswords()
    for (const { name } of data.passwords) await agent.com.atproto.server.revokeAppPassword({ name })
    return { revoked: data.passwords.length }
  },
  /** Opens a session and hands it out, to see later whether sessions of that age still open anything. */
  async session() {
    await signIn()
    return { access: agent.session.accessJwt, refresh: agent.session.refreshJwt }
  },
  /** Somebody writes into the same account with another program. */
  async write() {
    await signIn()
    return agent.post({ text: order.text })
  },
  /** One of each kind; one is changed and one is taken down. `film` is the file of a video. */
  async make() {
    await signIn()
    const blobOf = async (bytes, encoding) => (await agent.uploadBlob(bytes, { encoding })).data.blob
    const sizes = { aspectRatio: { width: 1, height: 1 } }
    const images = [{ alt: 'A point.', image: await blobOf(PNG, 'image/png'), ...sizes }]
    const pictured = await agent.post({ text: 'One picture.', embed: { $type: 'app.bsky.embed.images', images } })
    const captions = [{ lang: 'es', file: await blobOf(Buffer.from(VTT), 'text/vtt') }]
    const video = await blobOf(readFileSync(order.film), 'video/mp4')
    const moving = { $type: 'app.bsky.embed.video', alt: 'A film.', video, captions, ...sizes }
    const filmed = await agent.post({ text: 'One video.', embed: moving })
    const external = { uri: 'https://town.example/', title: 'Town', description: '' }
    const linked = await agent.post({ text: 'A card.', embed: { $type: 'app.bsky.embed.external', external } })
    const rich = new RichText({ text: `To @${order.handle}.` })
    await rich.detectFacets(agent)
    const mentioned = await agent.post({ text: rich.text, facets: rich.facets })
    const { uri, cid } = await agent.post({ text: 'Part one.' })
    const root = { uri, cid }
    const second = await agent.post({ text: 'Part two.', reply: { root, parent: root } })
    const gate = { post: root.uri, allow: [{ $type: `${GATES}#mentionRule` }], createdAt: new Date().toISOString() }
    const rkey = root.uri.split('/').pop()
    await agent.app.bsky.feed.threadgate.create({ repo: order.did, rkey }, gate)
    const key = { repo: order.did, collection: POSTS, rkey: linked.uri.split('/').pop() }
    const { data } = await agent.com.atproto.repo.getRecord(key)
    await agent.com.atproto.repo.putRecord({ ...key, record: { ...data.value, text: 'A card, corrected.' } })
    await agent.deletePost((await agent.post({ text: 'To be taken down.' })).uri)
    return [pictured, filmed, linked, mentioned, root, second].map(({ uri }) => uri)
  },
  posts: () => read(),
  /** Who may reply to what, as the network's own programs read it. */
  async gates() {
    const { data } = await agent.com.atproto.repo.listRecords({ repo: order.did, collection: GATES, limit: 100 })
    return data.records.map(({ uri, value }) => {
      const { success, error } = AppBskyFeedThreadgate.validateRecord(value)
      const allow = value.allow?.map((rule) => rule.$type.split('#').pop())
      return { key: uri.split('/').pop(), post: value.post, allow, valid: success ? true : String(error) }
    })
  },
}

console.log(JSON.stringify(await acts[order.act]()))
