// Does one thing at a Mastodon server with an independent client (masto) and prints what came of it as JSON: reads as
// a reader's program would, with the pictures' bytes by their hash, or makes one status of each kind, changes one and takes one down.
//   node mastodon-client.mjs '{"act": "statuses", "server": "http://localhost:3000", "token": "…", "account": "1"}'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRestAPIClient } from 'masto'

const order = JSON.parse(process.argv[2])
const client = createRestAPIClient({ url: order.server, accessToken: order.token })

// A picture of one white point.
const PNG = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55' +
    '0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082',
  'hex',
)

const picture = async ({ type, description, url }) => {
  const answer = await fetch(url)
  const bytes = Buffer.from(await answer.arrayBuffer())
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { type, description, ok: answer.ok, sha256 }
}

const status = async (found) => ({
  id: found.id,
  url: found.url,
  content: found.content,
  visibility: found.visibility,
  language: found.language,
  spoiler: found.spoilerText,
  sensitive: found.sensitive,
  edited: found.editedAt ?? null,
  above: found.inReplyToId ?? undefined,
  poll: found.poll && {
    answers: found.poll.options.map((option) => option.title),
    votes: found.poll.options.map((option) => option.votesCount),
    multiple: found.poll.multiple,
    seconds: Math.round((Date.parse(found.poll.expiresAt) - Date.parse(found.createdAt)) / 1000),
  },
  source: await client.v1.statuses.$select(found.id).source.fetch().then((source) => source.text),
  pictures: await Promise.all(found.mediaAttachments.map(picture)),
})

const create = async (said) => (await client.v1.statuses.create({ visibility: 'public', language: 'en', ...said })).id

const acts = {
  async make() {
    const text = await create({ status: 'Text alone.', spoilerText: 'A warning' })
    const file = new Blob([PNG], { type: 'image/png' })
    const { id } = await client.v2.media.create({ file, description: 'A point.' })
    const pictured = await create({ status: 'One picture.', mediaIds: [id] })
    const poll = { options: ['Yes', 'No'], expiresIn: 3600, multiple: false, hideTotals: false }
    const asked = await create({ status: 'A question?', poll })
    const answer = await create({ status: 'An answer.', inReplyToId: pictured })
    await client.v1.statuses.$select(text).update({ status: 'Text that was changed.', spoilerText: 'A warning' })
    const gone = await create({ status: 'Not for long.' })
    await client.v1.statuses.$select(gone).remove()
    return [text, pictured, asked, answer]
  },
  async film() {
    const file = new Blob([readFileSync(order.film)], { type: 'video/mp4' })
    const { id } = await client.v2.media.create({ file, description: 'A film.' })
    return [await create({ status: 'One video.', mediaIds: [id] })]
  },
  async whoami() {
    const { id, username, url } = await client.v1.accounts.verifyCredentials()
    return { id, username, url }
  },
  async statuses() {
    const found = await client.v1.accounts.$select(order.account).statuses.list({ limit: 40 })
    return Promise.all(found.map(status))
  },
  async history() {
    const found = await client.v1.statuses.$select(order.status).history.list()
    return found.map(({ content, createdAt, spoilerText }) => ({ content, at: createdAt, spoiler: spoilerText }))
  },
  async limits() {
    const { configuration } = await client.v2.instance.fetch()
    return configuration.statuses
  },
}

console.log(JSON.stringify(await acts[order.act]()))
