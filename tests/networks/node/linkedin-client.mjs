// Does one thing at an interface like LinkedIn's with LinkedIn's own client and prints what came of it as JSON: reads a page's posts as
// somebody else's program would, with the pictures' bytes by their hash, or makes one of each kind, changes one and takes one down.
//   node linkedin-client.mjs '{"act": "posts", "server": "http://localhost:3000", "token": "…"}'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const order = JSON.parse(process.argv[2])
// The client asks these at each call, and its module cannot be told otherwise.
const constants = require('linkedin-api-client/dist/lib/utils/constants.js')
constants.VERSIONED_BASE_URL = `${order.server}/rest`
const { RestliClient } = require('linkedin-api-client')

const client = new RestliClient()
const with_access = { accessToken: order.token, versionString: '202608' }

// A picture of one white point.
const PNG = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55' +
    '0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082',
  'hex',
)

const ours = async () => {
  const found = await client.finder({
    resourcePath: '/organizationAcls',
    finderName: 'roleAssignee',
    queryParams: { state: 'APPROVED' },
    ...with_access,
  })
  return found.data.elements[0].organization
}

const picture = async ({ id, altText }) => {
  const { data } = await client.get({ resourcePath: '/images/{id}', pathKeys: { id }, ...with_access })
  const bytes = Buffer.from(await (await fetch(data.downloadUrl)).arrayBuffer())
  return { alt: altText ?? '', sha256: createHash('sha256').update(bytes).digest('hex') }
}

const is_video = (media) => media?.id.startsWith('urn:li:video:')

const video = async (media) => {
  if (!is_video(media)) return undefined
  const { data } = await client.get({ resourcePath: '/videos/{id}', pathKeys: { id: media.id }, ...with_access })
  const bytes = Buffer.from(await (await fetch(data.downloadUrl)).arrayBuffer())
  return { title: media.title ?? null, sha256: createHash('sha256').update(bytes).digest('hex') }
}

const is_document = (media) => media?.id.startsWith('urn:li:document:')

const document = async ({ id, title }) => {
  const { data } = await client.get({ resourcePath: '/documents/{id}', pathKeys: { id }, ...with_access })
  const bytes = Buffer.from(await (await fetch(data.downloadUrl)).arrayBuffer())
  return { title, sha256: createHash('sha256').update(bytes).digest('hex') }
}

// Whom the words lead to: the name as it stands there, and how the page behind it is called.
const mentions = (commentary) => {
  const found = [...commentary.matchAll(/(?<!\\)@\[((?:\\.|[^\]\\])*)\]\(urn:li:organization:(\d+)\)/gu)]
  const page = async ([, name, id]) => {
    const { data } = await client.get({ resourcePath: '/organizations/{id}', pathKeys: { id }, ...with_access })
    return { name: name.replace(/\\(.)/gu, '$1'), page: data.localizedName }
  }
  return Promise.all(found.map(page))
}

const post = async ({ id, commentary, content }) => {
  const media = content?.media
  const film = await video(media)
  const alone = media && !film && !is_document(media)
  const hanging = content?.multiImage?.images ?? (alone ? [media] : [])
  return {
    id,
    commentary,
    mentions: await mentions(commentary),
    card: content?.article ?? null,
    pictures: await Promise.all(hanging.map(picture)),
    document: is_document(media) ? await document(media) : null,
    ...(film ? { video: film } : {}),
  }
}

const create = async (commentary, content) => {
  const entity = {
    author: await ours(),
    commentary,
    visibility: 'PUBLIC',
    distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
    ...(content && { content }),
    lifecycleState: 'PUBLISHED',
    isReshareDisabledByAuthor: false,
  }
  return (await client.create({ resourcePath: '/posts', entity, ...with_access })).createdEntityId
}

// A document of one empty page.
const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/MediaBox[0 0 612 792]/Parent 2 0 R/Resources<<>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
)

const upload = async (kind = 'image', bytes = PNG) => {
  const { data } = await client.action({
    resourcePath: `/${kind}s`,
    actionName: 'initializeUpload',
    data: { initializeUploadRequest: { owner: await ours() } },
    ...with_access,
  })
  const { uploadUrl, [kind]: id } = data.value
  await fetch(uploadUrl, { method: 'PUT', headers: { authorization: `Bearer ${order.token}` }, body: bytes })
  while ((await client.get({ resourcePath: `/${kind}s/{id}`, pathKeys: { id }, ...with_access })).data.status !== 'AVAILABLE');
  return id
}

// A video in the pieces that are asked for, posted once it can be shown.
const film = async () => {
  const bytes = readFileSync(order.film)
  const action = async (actionName, data) =>
    (await client.action({ resourcePath: '/videos', actionName, data, ...with_access })).data?.value
  const begun = { owner: await ours(), fileSizeBytes: bytes.length, uploadCaptions: false, uploadThumbnail: false }
  const { video, uploadToken, uploadInstructions } = await action('initializeUpload', { initializeUploadRequest: begun })
  const uploadedPartIds = []
  for (const { uploadUrl, firstByte, lastByte } of uploadInstructions) {
    const answer = await fetch(uploadUrl, { method: 'PUT', body: bytes.subarray(firstByte, lastByte + 1) })
    uploadedPartIds.push(answer.headers.get('etag'))
  }
  await action('finalizeUpload', { finalizeUploadRequest: { video, uploadToken, uploadedPartIds } })
  while ((await client.get({ resourcePath: '/videos/{id}', pathKeys: { id: video }, ...with_access })).data.status !== 'AVAILABLE');
  return [await create('One video.', { media: { id: video, title: 'A film' } })]
}

// A post that mentions another page, found by its address, by the name that it bears.
const mention = async () => {
  const found = await client.finder({
    resourcePath: '/organizations',
    finderName: 'vanityName',
    queryParams: { vanityName: 'aguas-sur' },
    ...with_access,
  })
  const { id, localizedName } = found.data.elements[0]
  const name = localizedName.replace(/[\\|{}@[\]()<>#*_~]/gu, '\\$&')
  return [await create(`With @[${name}](urn:li:organization:${id}).`)]
}

const acts = {
  film,
  mention,
  async posts() {
    const author = await ours()
    const found = await client.finder({
      resourcePath: '/posts',
      finderName: 'author',
      queryParams: { author, count: 50, sortBy: 'CREATED' },
      ...with_access,
    })
    return Promise.all(found.data.elements.map(post))
  },
  async make() {
    const text = await create('Text alone.')
    const pictured = await create('One picture.', { media: { id: await upload(), altText: 'A point.' } })
    const linked = await create('A card.', { article: { source: 'https://town.example', title: 'Town' } })
    const patchSetObject = { commentary: 'Text that was changed.' }
    await client.partialUpdate({ resourcePath: '/posts/{id}', pathKeys: { id: text }, patchSetObject, ...with_access })
    const gone = await create('Not for long.')
    await client.delete({ resourcePath: '/posts/{id}', pathKeys: { id: gone }, ...with_access })
    return [text, pictured, linked]
  },
  async document() {
    return [await create('A document.', { media: { id: await upload('document', PDF), title: 'Minutes' } })]
  },
}

console.log(JSON.stringify(await acts[order.act]()))
