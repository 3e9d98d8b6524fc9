// Does one thing with webhooks by the reference library of Standard Webhooks and prints what came of it as JSON: verifies those
// that came, each with its headers and its very bytes, and answers what is in them; or signs some and sends them to a site, and
// answers what that said.
//   node website-client.mjs '{"act": "verify", "secret": "whsec_…", "webhooks": [{"webhook-id": "…", …, "body": "…"}]}'
import { Webhook } from 'standardwebhooks'

const order = JSON.parse(process.argv[2])
const library = new Webhook(order.secret)

const acts = {
  verify: ({ body, ...headers }) => {
    try {
      return library.verify(body, headers)
    } catch (error) {
      return { refused: error.message }
    }
  },
  send: async ({ id, told }) => {
    const [at, body] = [new Date(), JSON.stringify(told)]
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': library.sign(id, at, body),
    }
    const answer = await fetch(order.to, { method: 'POST', headers, body })
    return { status: answer.status, said: await answer.json() }
  },
}

const done = []
for (const webhook of order.webhooks) done.push(await acts[order.act](webhook))
console.log(JSON.stringify(done))
