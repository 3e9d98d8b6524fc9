// Does one thing at an interface like YouTube's with Google's own client and prints what came of it as JSON: reads the channel's
// uploads as somebody else's program would, or makes videos, changes one and takes one down.
//   node youtube-client.mjs '{"act": "videos", "server": "http://localhost:3000", "token": "…"}'
import { Readable } from 'node:stream'
import { auth, youtube } from '@googleapis/youtube'

const order = JSON.parse(process.argv[2])
const access = new auth.OAuth2()
access.setCredentials({ access_token: order.token })
const client = youtube({ version: 'v3', rootUrl: `${order.server}/`, auth: access })

const PARTS = ['snippet', 'status', 'paidProductPlacementDetails']

const shown = ({ id, snippet, status, paidProductPlacementDetails }) => ({
  id,
  title: snippet.title,
  text: snippet.description,
  language: snippet.defaultLanguage,
  tags: snippet.tags ?? [],
  category: snippet.categoryId,
  privacy: status.privacyStatus,
  children: status.selfDeclaredMadeForKids,
  synthetic: status.containsSyntheticMedia,
  paid: paidProductPlacementDetails.hasPaidProductPlacement,
})

const uploads = async () => {
  const { data: channels } = await client.channels.list({ part: ['contentDetails'], mine: true })
  const playlistId = channels.items[0].contentDetails.relatedPlaylists.uploads
  const { data } = await client.playlistItems.list({ part: ['snippet'], playlistId, maxResults: 50 })
  return data.items.map(({ snippet }) => snippet.resourceId.videoId)
}

const make = async (title) => {
  const requestBody = {
    snippet: { title, description: 'Made by another program.', categoryId: '22' },
    status: { privacyStatus: 'public', selfDeclaredMadeForKids: false },
    paidProductPlacementDetails: { hasPaidProductPlacement: false },
  }
  const media = { mimeType: 'video/mp4', body: Readable.from([Buffer.from('no film at all')]) }
  // Of an upload, the client takes the address from the call alone.
  const { data } = await client.videos.insert({ part: PARTS, requestBody, media }, { rootUrl: `${order.server}/` })
  return data.id
}

/** The client gives a text, or bytes that may be asked for one. */
const textOf = async (data) => (typeof data === 'string' ? data : data.text())

const acts = {
  async videos() {
    const ids = await uploads()
    if (ids.length === 0) return []
    const { data } = await client.videos.list({ part: PARTS, id: ids })
    return data.items.map(shown)
  },
  /** The captions that somebody wrote, as whoever owns the channel downloads them. */
  async captions() {
    const found = []
    for (const videoId of await uploads()) {
      const { data } = await client.captions.list({ part: ['snippet'], videoId })
      for (const { id, snippet } of data.items.filter((one) => one.snippet.trackKind === 'standard')) {
        const words = await client.captions.download({ id }, { responseType: 'text' })
        found.push({ video: videoId, language: snippet.language, name: snippet.name, words: await textOf(words.data) })
      }
    }
    return found
  },
  /** A video with captions, brought as whoever owns the channel does, and replaced. */
  async caption() {
    const videoId = await make('With captions.')
    const snippet = { videoId, language: 'es', name: '' }
    const of = (text) => {
      const words = Buffer.from(`1\n00:00:00,500 --> 00:00:01,000\n${text}\n`)
      return { mimeType: 'application/octet-stream', body: Readable.from([words]) }
    }
    const there = { rootUrl: `${order.server}/` }
    const first = { part: ['snippet'], requestBody: { snippet }, media: of('First.') }
    const { id } = (await client.captions.insert(first, there)).data
    await client.captions.update({ part: ['id'], requestBody: { id }, media: of('By another program.') }, there)
    return [videoId]
  },
  async make() {
    const one = await make('One.')
    const snippet = { title: 'One, changed.', description: 'Changed.', categoryId: '25' }
    await client.videos.update({ part: ['snippet'], requestBody: { id: one, snippet } })
    const gone = await make('Not for long.')
    await client.videos.delete({ id: gone })
    return [one]
  },
}

console.log(JSON.stringify(await acts[order.act]()))
