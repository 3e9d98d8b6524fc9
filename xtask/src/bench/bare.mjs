// A worker that asks the database what it was told to ask, and nothing else: what the runtime and D1 alone cost.
let trips = [];

export default {
  async fetch(request, env) {
    if (request.method === "PUT") {
      trips = await request.json();
      return new Response();
    }
    if (new URL(request.url).pathname === "/asked") {
      for (const trip of trips) {
        const statements = trip.map(([sql, values]) => env.DB.prepare(sql).bind(...values));
        await (statements.length === 1 ? statements[0].all() : env.DB.batch(statements));
      }
    }
    return new Response();
  },
  // The settings name a queue and a cron; nothing comes from either.
  async queue() {},
  async scheduled() {},
};
