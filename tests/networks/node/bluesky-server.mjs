// A real Bluesky server (PDS) with its directory of identities (PLC), for the journeys: nothing in it is ours.
// PORT: where it answers. DATA: an empty folder. Accounts are made over its own interface
// (com.atproto.server.createAccount, handles under `.test`).
//
// Doors are added. POST /_clock {"forward": milliseconds} moves this process's clock on, so that sessions expire
// without waiting two hours, and {"back": true} sets it right again: a journey that moves it has the server to itself.
// GET /_directory says where the directory answers, GET /_calls how often each path was asked for.
//
// And https://desk.home.arpa:PORT leads to the engine at that port of this machine. A server reads what a client says of
// itself at an address of the public internet, over TLS: here is neither, and everything else of it is the server's own.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { mkdirSync } from 'node:fs'
import { Database, PlcServer } from '@did-plc/server'
import { envToCfg, envToSecrets, PDS } from '@atproto/pds'

const port = Number(process.env.PORT)
const data = process.env.DATA
if (!port || !data) throw new Error('PORT and DATA are wanted')

const RealDate = Date
let ahead = 0
globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + ahead)
    else super(...given)
  }
  static now() {
    return RealDate.now() + ahead
  }
}

const realFetch = globalThis.fetch
globalThis.fetch = function (input, init) {
  const url = new URL(input instanceof Request ? input.url : input)
  if (url.hostname !== 'desk.home.arpa') return realFetch.call(this, input, init)
  return realFetch(`http://127.0.0.1:${url.port}${url.pathname}${url.search}`, { redirect: 'error' })
}

const free = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

const plcPort = await free()
const plc = PlcServer.create({ db: Database.mock(), port: plcPort })
await plc.start()

const hex = () => randomBytes(32).toString('hex')
const blobs = join(data, 'blobs')
mkdirSync(blobs, { recursive: true })
const env = {
  devMode: true,
  port,
  hostname: 'localhost',
  dataDirectory: data,
  blobstoreDiskLocation: blobs,
  // As the network's own servers take videos; what a server takes unless it is told otherwise is 5 MB.
  blobUploadLimit: 300_000_000,
  didPlcUrl: `http://localhost:${plcPort}`,
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  disableSsrfProtection: true,
  jwtSecret: hex(),
  adminPassword: hex(),
  dpopSecret: hex(),
  plcRotationKeyK256PrivateKeyHex: hex(),
  recoveryDidKey: 'did:key:zQ3shhCGUqDKjStzuDxPkTxN6ujddP4RkEKJJouJGRRkaLGbg',
  // Nothing answers there; posting needs no view of the network.
  bskyAppViewUrl: 'http://localhost:1',
  bskyAppViewDid: 'did:example:none',
  // Dozens of accounts from one address within a minute are what tests are.
  rateLimitsEnabled: false,
}
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
pds.app.post('/_clock', (request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    const { forward = 0, back } = JSON.parse(body)
    ahead = back ? 0 : ahead + Math.max(0, Number(forward))
    response.json({ ahead })
  })
})
pds.app.get('/_directory', (_, response) => response.json(`http://localhost:${plcPort}`))
const calls = {}
pds.app.get('/_calls', (_, response) => response.json(calls))
const server = await pds.start()
server.on('request', ({ method, url }) => {
  const call = `${method} ${url.split('?')[0]}`
  calls[call] = (calls[call] ?? 0) + 1
})
console.log(`A Bluesky server on http://localhost:${port}`)

const end = async () => {
  await pds.destroy()
  await plc.destroy()
  process.exit(0)
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
