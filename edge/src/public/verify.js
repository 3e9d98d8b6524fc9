// Verifies a receipt of a decision, or of a word in an emergency, in the reader's own browser. Nothing is sent anywhere: the only thing that is ever
// asked for is the organisation's public register, on this same host.
// The rules, their names and their order are those of `tests/verifier/verify.py`, which shares no line with this; the
// tests hold the two against each other over every receipt, good and tampered. `verify` needs no page: it runs in Node.

const FORMAT = 'pregon/receipt/1';
const SERIES_FORMAT = 'pregon/series-receipt/1';
const CODE_FORMAT = 'pregon/code-receipt/1';
const WORD_FORMAT = 'pregon/emergency-receipt/1';
const ATTESTATION = 'pregon/attestation/1';
const DECISION = 'pregon/decision/1';
const DECISIONS = 'pregon/decisions/1';
const EMERGENCY = 'pregon/emergency/1';
const ENROLMENT = 'pregon/enrolment/1';
const MOST_BYTES = 65536;
const MOST_DEPTH = 16;
const MOST_TOGETHER = 60;
const SKEW = 5 * 60 * 1000;
const CODE_LIVES = 10 * 60 * 1000;
const NUMBER_LIVES = 72 * 60 * 60 * 1000;

/** What is checked, in this order; the first that fails is why a receipt is refused. */
export const CHECKS = [
  'format', 'organisation_key', 'enrolment', 'enrolment_signature', 'relying_party', 'statement', 'credential',
  'client_data', 'ceremony', 'challenge', 'origin', 'cross_origin', 'authenticator_data', 'relying_party_hash',
  'presence', 'verification', 'signature', 'person', 'organisation', 'time', 'decision', 'comment',
];

/** The same for a decision of several that one signature covers. */
export const SERIES_CHECKS = [...CHECKS.slice(0, 6), 'together', ...CHECKS.slice(6)];

/** The same for a receipt over a code by mail, where nobody signed but the organisation. */
export const CODE_CHECKS = [
  'format', 'organisation_key', 'attestation', 'attestation_signature', 'attested_service', 'statement',
  'attested_statement', 'attested_person', 'attested_mailbox', 'attested_organisation', 'attested_time', 'decision',
  'comment',
];

/** The same for a word in an emergency: signed as a decision is, and no decision. */
export const WORD_CHECKS = [...CHECKS.slice(0, -2), 'reason'];

// ── Reading ──

const utf8 = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => Array.from(part)));

function no(why) {
  throw new Error(why);
}

function encoded(bytes) {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** base64url without padding, of which there is only one form. */
function decoded(from) {
  if (!/^[A-Za-z0-9_-]*$/.test(from)) no('not base64url');
  const bytes = Uint8Array.from(atob(from.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return encoded(bytes) === from ? bytes : no('not base64url');
}

/** By code point; JavaScript's own order is by halves of surrogate pairs. */
function byCodePoint(one, other) {
  const [left, right] = [Array.from(one), Array.from(other)];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    if (left[at] !== right[at]) return left[at].codePointAt(0) - right[at].codePointAt(0);
  }
  return left.length - right.length;
}

/** Canonical JSON: keys sorted by code point, no spaces, whole numbers, as few escapes as JSON allows. */
function canonical(value) {
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) no('half of a surrogate pair is no text');
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${canonical(name)}:${canonical(value[name])}`).join(',')}}`;
}

/** Reads JSON as everybody would: no name twice, not endlessly deep, and if `whole` only whole numbers. */
function read(from, whole = true) {
  const value = JSON.parse(from);
  const open = [];
  for (const [token, string, colon] of from.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]|-?\d[\d.eE+-]*/g)) {
    if (colon) {
      const names = open.at(-1);
      const name = JSON.parse(string);
      if (names.has(name)) no('a name stands twice');
      names.add(name);
    } else if (token === '{' || token === '[') {
      if (open.push(new Set()) > MOST_DEPTH) no('too deep');
    } else if (token === '}' || token === ']') open.pop();
    else if (!string && whole && (!/^(0|-?[1-9]\d*)$/.test(token) || !Number.isSafeInteger(Number(token)))) {
      no('not a whole number');
    }
  }
  return value;
}

const isText = (value) => typeof value === 'string';
const integer = (value) => Number.isSafeInteger(value);
const nothing = (value) => value === null;
const anything = () => true;
const exactly = (wanted) => (value) => value === wanted;
const matches = (pattern) => (value) => isText(value) && pattern.test(value);
const either = (...options) => (value) => options.some((option) => option(value));
const attempt = (act) => {
  try {
    return act();
  } catch {
    return undefined;
  }
};
const octets = (value) => isText(value) && attempt(() => decoded(value).length > 0) === true;

/** An object with exactly these members. */
const shape = (members) => (value) => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return names.length === Object.keys(members).length
    && names.every((name) => Object.hasOwn(members, name) && members[name](value[name]));
};

const identity = matches(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/);
const digest = matches(/^[0-9a-f]{64}$/);
const place = shape({ language: isText, start: integer, end: integer, quote: isText });
const choice = either(
  shape({ decision: exactly('approve') }),
  shape({ decision: exactly('reserve'), comment: isText }),
  shape({ decision: exactly('return'), comment: isText }),
  shape({ decision: exactly('return'), comment: isText, place: either(nothing, place) }),
);
const p256 = shape({ crv: exactly('P-256'), kty: exactly('EC'), x: octets, y: octets });
const signed = {
  statement: isText,
  assertion: shape({ credential: octets, authenticator_data: octets, client_data: octets, signature: octets }),
  enrolment: isText,
  enrolment_signature: octets,
  organisation_key: p256,
};
const isReceipt = shape({ ...signed, format: exactly(FORMAT), choice });
/** Two hashes at least, none of them twice. */
const digests = (value) => Array.isArray(value) && value.length > 1 && value.length <= MOST_TOGETHER
  && value.every(digest) && new Set(value).size === value.length;
const isSeriesReceipt = shape({ ...signed, format: exactly(SERIES_FORMAT), choice, together: digests });
const isWordReceipt = shape({ ...signed, format: exactly(WORD_FORMAT), reason: either(nothing, isText) });
const isCodeReceipt = shape({
  format: exactly(CODE_FORMAT),
  statement: isText,
  choice,
  attestation: isText,
  attestation_signature: octets,
  organisation_key: p256,
});
const person = either(
  shape({ person: exactly('member'), member: identity }),
  shape({ person: exactly('outside'), mailbox: isText }),
);
const isAttestation = shape({
  asked_at: integer,
  confirmed_at: integer,
  how: exactly('mail_code'),
  mailbox: isText,
  name: either(nothing, isText),
  organisation: identity,
  origin: isText,
  person,
  rp: isText,
  statement: digest,
});
const isEnrolment = shape({
  credential: octets,
  public_key: either(
    p256,
    shape({ crv: exactly('Ed25519'), kty: exactly('OKP'), x: octets }),
    shape({ kty: exactly('RSA'), n: octets, e: exactly('AQAB') }),
  ),
  organisation: identity,
  member: identity,
  name: isText,
  enrolled_at: integer,
  how: isText,
  confirmed_by: either(nothing, identity),
  rp: isText,
  origin: isText,
});
const isStatement = shape({
  organisation: identity,
  post: identity,
  round: integer,
  circuit: identity,
  version: integer,
  step: identity,
  content: digest,
  envelope: either(
    shape({ envelope: exactly('times'), from: integer, until: integer }),
    shape({ envelope: exactly('series'), days: anything, from: integer, until: integer, first: isText, last: isText, zone: isText }),
  ),
  decision: either(exactly('approve'), exactly('reserve'), exactly('return')),
  comment: either(nothing, digest),
  at: integer,
  by: person,
  role: either(nothing, isText),
  authority: either(nothing, shape({ delegation: identity, of: identity, reference: isText })),
  nonce: matches(/^[0-9a-f]{32}$/),
});

const REASONED = ['ask', 'decline', 'disown'];
const isWord = shape({
  organisation: identity,
  post: identity,
  emergency: identity,
  said: either(...['agree', 'ratify', ...REASONED].map(exactly)),
  content: digest,
  form: either(shape({ before: exactly('two') }), shape({ before: exactly('one'), within: integer })),
  reason: either(nothing, digest),
  at: integer,
  by: identity,
  role: isText,
  nonce: matches(/^[0-9a-f]{32}$/),
});

/** The object that a canonical text says. */
function canonicalObject(from, fits) {
  const value = read(from);
  return canonical(value) === from && fits(value) ? value : no('not canonical, or not of its form');
}

const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

/** A public key, and how to verify with it. */
async function keyOf(jwk) {
  const length = (name) => decoded(jwk[name]).length;
  let algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  if (jwk.kty === 'EC' && (length('x') !== 32 || length('y') !== 32)) no('not a point of P-256');
  if (jwk.kty === 'OKP') {
    algorithm = { name: 'Ed25519' };
    if (length('x') !== 32) no('not a key of Ed25519');
  }
  if (jwk.kty === 'RSA') {
    algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const n = decoded(jwk.n);
    if (n.length < 256 || n.length > 512 || n[0] === 0 || n.at(-1) % 2 === 0) no('not a key of RSA with 2048 bits or more');
  }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify']);
  return (signature, data) => {
    if (jwk.kty === 'EC') return crypto.subtle.verify(ES256, key, signature, data);
    return crypto.subtle.verify(algorithm.name, key, signature, data);
  };
}

/** r‖s, as Web Crypto wants it, from the DER in which authenticators write it. Strict: DER has one form. */
function rawSignature(der) {
  if (der.length < 8 || der[0] !== 0x30 || der[1] > 0x7f || der[1] !== der.length - 2) no('not DER');
  let at = 2;
  const number = () => {
    const length = der[at + 1];
    const bytes = der.subarray(at + 2, at + 2 + length);
    const padded = bytes[0] === 0 && bytes.length > 1;
    if (der[at] !== 0x02 || length < 1 || length > 33 || bytes.length !== length) no('not DER');
    if (bytes[0] > 0x7f || (padded && bytes[1] < 0x80) || (length === 33 && !padded)) no('not DER');
    at += 2 + length;
    const fixed = new Uint8Array(32);
    const own = padded ? bytes.subarray(1) : bytes;
    fixed.set(own, 32 - own.length);
    return fixed;
  };
  const [r, s] = [number(), number()];
  return at === der.length ? joined(r, s) : no('not DER');
}

/** The organisation's key, from a JWK or from the register that publishes it; nothing if it is neither. */
export function pinned(key) {
  const from = key !== null && typeof key === 'object' && key.decision_key ? key.decision_key : key;
  if (from === null || typeof from !== 'object') return undefined;
  const { crv, kty, x, y } = from;
  return p256({ crv, kty, x, y }) ? { crv, kty, x, y } : undefined;
}

// ── Judging ──

/** Whether the organisation signed a text as what `prefix` says: r and s, 32 bytes each. */
async function organisationSigned(pin, signature, prefix, said) {
  const bytes = decoded(signature);
  return bytes.length === 64 && (await keyOf(pin))(bytes, utf8(prefix + said));
}

/** An address as whoever has it knows it again: its first letter and its domain. */
function masked(mailbox) {
  const at = mailbox.indexOf('@');
  const [local, domain] = at < 0 ? [mailbox, ''] : [mailbox.slice(0, at), mailbox.slice(at + 1)];
  return `${Array.from(local).slice(0, 1).join('')}•••@${domain}`;
}

/** Each check's work. It may keep what it read for those after it; to answer false or to throw is to refuse. */
const WORK = {
  format: (c) => {
    if (c.data.length > MOST_BYTES) return false;
    c.receipt = read(text(c.data));
    const kinds = {
      [CODE_FORMAT]: [CODE_CHECKS, isCodeReceipt],
      [WORD_FORMAT]: [WORD_CHECKS, isWordReceipt],
      [SERIES_FORMAT]: [SERIES_CHECKS, isSeriesReceipt],
    };
    const [checks, fits] = kinds[c.receipt?.format] ?? [CHECKS, isReceipt];
    c.checks = checks;
    return fits(c.receipt);
  },
  organisation_key: ({ receipt, pin }) => canonical(receipt.organisation_key) === canonical(pin),
  enrolment: async (c) => {
    c.enrolment = canonicalObject(c.receipt.enrolment, isEnrolment);
    c.passkey = await keyOf(c.enrolment.public_key);
    return true;
  },
  enrolment_signature: ({ receipt, pin }) => organisationSigned(pin, receipt.enrolment_signature, ENROLMENT, receipt.enrolment),
  relying_party: ({ enrolment, rp }) => enrolment.rp === rp,
  statement: (c) => {
    c.statement = canonicalObject(c.receipt.statement, c.checks === WORD_CHECKS ? isWord : isStatement);
    return true;
  },
  together: async ({ receipt }) => receipt.together.includes(hex(await sha256(utf8(DECISION + receipt.statement)))),
  credential: ({ receipt, enrolment }) => receipt.assertion.credential === enrolment.credential,
  client_data: (c) => {
    c.clientBytes = decoded(c.receipt.assertion.client_data);
    c.client = read(text(c.clientBytes), false);
    return c.client !== null && typeof c.client === 'object' && !Array.isArray(c.client);
  },
  ceremony: ({ client }) => client.type === 'webauthn.get',
  challenge: async ({ client, receipt, checks }) => {
    const domain = checks === WORD_CHECKS ? EMERGENCY : DECISION;
    // One signature over the list of what each would be signed as.
    const said = checks === SERIES_CHECKS ? DECISIONS + canonical(receipt.together) : domain + receipt.statement;
    return client.challenge === encoded(await sha256(utf8(said)));
  },
  origin: ({ client, enrolment }) => client.origin === enrolment.origin,
  cross_origin: ({ client }) => {
    const crossed = Object.hasOwn(client, 'crossOrigin') && client.crossOrigin !== false;
    return !crossed && !Object.hasOwn(client, 'topOrigin');
  },
  authenticator_data: (c) => {
    c.authenticator = decoded(c.receipt.assertion.authenticator_data);
    c.flags = c.authenticator[32];
    // 32 bytes of hash, one of flags, four of a counter; more only if the flags announce extensions. What a new
    // credential brings along (0x40) has no place in an assertion; nor has "backed up, and yet not to be backed up".
    const { length } = c.authenticator;
    return length >= 37 && !(c.flags & 0x40) && (length > 37) === Boolean(c.flags & 0x80) && (c.flags & 0x18) !== 0x10;
  },
  relying_party_hash: async ({ authenticator, rp }) => hex(authenticator.subarray(0, 32)) === hex(await sha256(utf8(rp))),
  presence: ({ flags }) => Boolean(flags & 0x01),
  verification: ({ flags }) => Boolean(flags & 0x04),
  signature: async ({ receipt, enrolment, authenticator, clientBytes, passkey }) => {
    const signature = decoded(receipt.assertion.signature);
    const wanted = enrolment.public_key.kty === 'EC' ? rawSignature(signature) : signature;
    return passkey(wanted, joined(authenticator, await sha256(clientBytes)));
  },
  person: ({ statement: { by }, enrolment, checks }) => (
    checks === WORD_CHECKS ? by === enrolment.member : by.person === 'member' && by.member === enrolment.member
  ),
  organisation: ({ statement, enrolment }) => statement.organisation === enrolment.organisation,
  time: ({ statement, enrolment }) => statement.at >= enrolment.enrolled_at - SKEW,
  attestation: (c) => {
    c.attestation = canonicalObject(c.receipt.attestation, isAttestation);
    return true;
  },
  attestation_signature: ({ receipt, pin }) => organisationSigned(pin, receipt.attestation_signature, ATTESTATION, receipt.attestation),
  attested_service: ({ attestation, rp }) => attestation.rp === rp,
  attested_statement: async ({ attestation, receipt }) => attestation.statement === hex(await sha256(utf8(DECISION + receipt.statement))),
  attested_person: ({ attestation, statement }) => {
    // Somebody outside has no name, no role and nobody's authority: only the mailbox.
    const bare = attestation.name === null && statement.role === null && statement.authority === null;
    return canonical(attestation.person) === canonical(statement.by) && (statement.by.person === 'member' || bare);
  },
  attested_mailbox: ({ attestation, statement: { by } }) => by.person === 'member' || attestation.mailbox === masked(by.mailbox),
  attested_organisation: ({ attestation, statement }) => attestation.organisation === statement.organisation,
  attested_time: ({ attestation: { asked_at: asked, confirmed_at: confirmed }, statement: { at } }) => (
    asked <= confirmed && confirmed <= asked + CODE_LIVES && at >= asked - NUMBER_LIVES - SKEW && at <= asked + SKEW
  ),
  decision: ({ statement, receipt }) => receipt.choice.decision === statement.decision,
  reason: async ({ statement, receipt: { reason } }) => {
    if ((reason !== null) !== REASONED.includes(statement.said)) return false;
    return statement.reason === (reason === null ? null : hex(await sha256(utf8(canonical(reason)))));
  },
  comment: async ({ statement, receipt }) => {
    const { comment, place: where = null } = receipt.choice;
    if (comment === undefined) return statement.comment === null;
    return statement.comment === hex(await sha256(utf8(canonical([comment, where]))));
  },
};

/**
 * Verifies the bytes of a receipt under an organisation's key (JWK) and a relying party. Answers which check failed
 * (`refused`, none if it is good), which ones passed before it, and what was read.
 */
export async function verify(data, key, rp) {
  const pin = pinned(key) ?? no('the key is not a public key of P-256');
  const c = { data, pin, rp, checks: CHECKS };
  const passed = [];
  // The first check finds out which kind it is, and both kinds begin with it.
  for (let at = 0; at < c.checks.length; at += 1) {
    const name = c.checks[at];
    let holds = false;
    try {
      holds = await WORK[name](c);
    } catch {
      // What cannot be read, or is no key, does not hold.
    }
    if (!holds) return { refused: name, passed, checks: c.checks };
    passed.push(name);
  }
  const { checks, receipt, enrolment, attestation, statement } = c;
  return { refused: undefined, passed, checks, receipt, enrolment, attestation, statement };
}

// ── The page ──

function page() {
  const at = (id) => document.getElementById(id);
  const [words, verdict] = [at('words').dataset, at('verdict')];
  const [file, key, address, rp] = [at('receipt'), at('key'), at('address'), at('rp')];
  let receipt;
  let turn = 0;

  /** Says something in the live region; `kind` is for the eye only. */
  function say(sentence, kind) {
    verdict.textContent = sentence;
    verdict.className = `verdict ${kind}`;
  }

  function forget() {
    at('checks').hidden = true;
    at('facts').hidden = true;
  }

  /** The pin: a file that was chosen, or the register of an organisation of this host. */
  async function pin() {
    const [chosen] = key.files;
    if (chosen) {
      const written = await chosen.text();
      return pinned(attempt(() => JSON.parse(written)) ?? null) ?? no(words.badKey);
    }
    const wanted = address.value.trim();
    if (!wanted) no(words.noKey);
    const whole = /^[a-z0-9-]+$/.test(wanted) ? `/${wanted}/` : wanted.includes('://') ? wanted : `https://${wanted}`;
    const url = attempt(() => new URL(whole, location.origin)) ?? no(words.noRegister);
    if (url.host !== location.host) no(words.elsewhere);
    const slug = url.pathname.split('/')[1];
    const answer = await fetch(`/${encodeURIComponent(slug)}/accounts.json`, { credentials: 'omit' }).catch(() => undefined);
    if (!answer?.ok) no(words.noRegister);
    const register = await answer.json().catch(() => no(words.noRegister));
    return pinned(register?.decision_key) ?? no(words.registerWithoutKey);
  }

  function row(list, term, value) {
    const line = document.createElement('div');
    const [name, what] = [document.createElement('dt'), document.createElement('dd')];
    name.textContent = term;
    what.textContent = value;
    line.append(name, what);
    list.append(line);
  }

  function showFacts({ receipt: { choice, reason, together }, enrolment, attestation, statement }) {
    const moment = (at) => {
      const style = { dateStyle: 'long', timeStyle: 'medium' };
      return new Intl.DateTimeFormat(document.documentElement.lang, style).format(at);
    };
    const when = (at) => attempt(() => moment(at)) ?? String(at);
    const list = at('facts-list');
    list.replaceChildren();
    row(list, words.who, enrolment?.name ?? attestation.name ?? statement.by.mailbox ?? statement.by.member);
    row(list, words.means, attestation ? words.byCode.replace('{0}', attestation.mailbox) : words.byPasskey);
    if (statement.said) row(list, words.said, words[`said_${statement.said}`]);
    else row(list, words.what, words[statement.decision]);
    const why = choice ? choice.comment : reason;
    if (why) row(list, choice ? words.comment : words.reason, why);
    row(list, words.when, when(statement.at));
    if (statement.authority) row(list, words.authority, statement.authority.reference);
    row(list, words.post, statement.post);
    if (statement.round) row(list, words.round, String(statement.round));
    row(list, words.content, statement.content);
    if (together) row(list, words.together, String(together.length));
    if (attestation) {
      row(list, words.askedAt, when(attestation.asked_at));
      row(list, words.confirmedAt, when(attestation.confirmed_at));
    } else {
      row(list, words.enrolled, when(enrolment.enrolled_at));
      row(list, words.how, words[`by_${enrolment.how}`] ?? enrolment.how);
      row(list, words.confirmed, enrolment.confirmed_by ?? words.nobody);
    }
    at('facts').hidden = false;
  }

  /** What is checked of this kind of receipt; the other kinds' lists stay hidden. */
  const LISTS = new Map([[CHECKS, 'checks-passkey'], [CODE_CHECKS, 'checks-code'], [WORD_CHECKS, 'checks-word'], [SERIES_CHECKS, 'checks-series']]);
  const listed = (checks) => at(LISTS.get(checks));

  function showChecks({ refused, passed, checks }) {
    for (const kind of LISTS.keys()) listed(kind).hidden = kind !== checks;
    for (const name of checks) {
      const line = listed(checks).querySelector(`[data-check="${name}"]`);
      const state = name === refused ? 'failed' : passed.includes(name) ? 'passed' : 'skipped';
      line.className = state;
      line.querySelector('.state').textContent = words[state];
      line.querySelector('.why').hidden = state !== 'failed';
    }
    at('checks').hidden = false;
  }

  async function judge() {
    const own = (turn += 1);
    forget();
    if (!receipt) return say('', '');
    say(words.working, '');
    let found;
    try {
      if (!globalThis.crypto?.subtle) no(words.old);
      found = await verify(new Uint8Array(await receipt.arrayBuffer()), await pin(), rp.value.trim());
    } catch (error) {
      // What is no sentence of ours is the browser's own complaint: it lacks something.
      if (own === turn) say(Object.values(words).includes(error.message) ? error.message : words.old, 'unsure');
      return undefined;
    }
    // Somebody chose another file meanwhile: that one is judged.
    if (own !== turn) return undefined;
    showChecks(found);
    if (found.refused) {
      const why = listed(found.checks).querySelector(`[data-check="${found.refused}"] .why`).textContent;
      return say(`${words.bad} ${why}`, 'bad');
    }
    showFacts(found);
    const good = found.attestation ? words.goodCode : words.good;
    return say(found.checks === WORD_CHECKS ? words.goodWord : good, 'good');
  }

  function take(chosen) {
    receipt = chosen;
    judge();
  }

  /** A receipt that a printed code carries whole, behind `#`: that part of an address is sent to nobody. */
  async function unpack() {
    const [, packed] = location.hash.match(/^#r=([A-Za-z0-9_-]{1,8000})$/) ?? [];
    if (!packed) return;
    // Out of the address bar and the history: it names a person.
    history.replaceState(null, '', location.pathname + location.search);
    const stream = attempt(() => new Blob([decoded(packed)]).stream().pipeThrough(new DecompressionStream('deflate-raw')));
    const bytes = await (stream ? new Response(stream).blob() : no(words.old));
    take(bytes);
  }

  file.addEventListener('change', () => take(file.files[0]));
  for (const field of [key, address, rp]) field.addEventListener('change', judge);
  at('form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (!receipt) return say(words.noReceipt, 'unsure');
    return judge();
  });

  // The whole page takes a file: whoever misses the box by a finger should not see the browser open the file instead.
  const zone = at('zone');
  addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.classList.add('over');
  });
  addEventListener('dragleave', () => zone.classList.remove('over'));
  addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('over');
    if (!event.dataTransfer.files[0]) return;
    // The field shows what was dropped as if it had been chosen.
    file.files = event.dataTransfer.files;
    take(file.files[0]);
  });
  unpack().catch(() => say(words.old, 'unsure'));
}

if (typeof document !== 'undefined') page();
