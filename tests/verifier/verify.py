#!/usr/bin/env python3
"""Verifies receipts of decisions and of words in emergencies, with no access to the service that they come from.

Separate from Pregón, and in another language, on purpose: it shares no line with what makes the receipts. The passkey's
assertion is checked by the library `webauthn` (py_webauthn), the organisation's signature by `cryptography`; the rest
is here, in the order of CHECKS. What it trusts is given to it: the organisation's key and the relying party.

    verify.py --key KEY.json --rp RP RECEIPT.json…

KEY.json is the key itself (JWK) or the register in which the organisation publishes it (`accounts.json`). One line for
each receipt. Exit code 0 if all of them are good, 1 if one is refused, 2 if the question itself is wrong.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import cbor2
import webauthn
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from webauthn.helpers.exceptions import WebAuthnException

FORMAT = "pregon/receipt/1"
SERIES_FORMAT = "pregon/series-receipt/1"
CODE_FORMAT = "pregon/code-receipt/1"
WORD_FORMAT = "pregon/emergency-receipt/1"
ATTESTATION = b"pregon/attestation/1"
DECISION = b"pregon/decision/1"
DECISIONS = b"pregon/decisions/1"
EMERGENCY = b"pregon/emergency/1"
ENROLMENT = b"pregon/enrolment/1"

#: A receipt is two or three thousand bytes; whatever is a hundred times that is something else.
MOST_BYTES = 65_536
MOST_DEPTH = 16
#: JSON's whole numbers that every language reads alike.
MOST = 2**53 - 1
#: How many decisions one signature covers.
MOST_TOGETHER = 60
#: How far apart the clocks of the service and of a device may be.
SKEW = 5 * 60 * 1000
#: How long a code works, and how long the number that a statement carries.
CODE_LIVES = 10 * 60 * 1000
NUMBER_LIVES = 72 * 60 * 60 * 1000

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
#: The last millisecond that a calendar of four digits can name.
LAST = 253_402_300_799_999

#: What is checked, in this order; the first that fails is why a receipt is refused.
CHECKS = {
    "format": "it is not a receipt of this format",
    "organisation_key": "it names another organisation's key than the one that was given",
    "enrolment": "the enrolment is not canonical, or not one",
    "enrolment_signature": "the organisation did not sign this enrolment",
    "relying_party": "the enrolment is for another service",
    "statement": "the statement is not canonical, or not one",
    "credential": "it was signed with another passkey than the enrolled one",
    "client_data": "what the browser wrote cannot be read",
    "ceremony": "what was signed is not an assertion of a passkey",
    "challenge": "the passkey signed something else than this statement",
    "origin": "it was signed on another site",
    "cross_origin": "it was signed inside of another site's page",
    "authenticator_data": "what the authenticator wrote cannot be read",
    "relying_party_hash": "the authenticator signed for another service",
    "presence": "nobody was present",
    "verification": "the authenticator did not verify who was there",
    "signature": "the passkey's signature is not right",
    "person": "the statement is somebody else's than the passkey",
    "organisation": "the statement is another organisation's than the enrolment",
    "time": "it says to be older than the passkey's enrolment",
    "decision": "what is shown as decided is not what was signed",
    "comment": "the comment is not the one that was signed",
}


#: The same for a decision of several that one signature covers.
SERIES_CHECKS = {}
for _name, _why in CHECKS.items():
    SERIES_CHECKS[_name] = _why
    if _name == "statement":
        SERIES_CHECKS["together"] = "the statement is not one of those that were signed together"

#: The same for a receipt over a code: nobody signed but the organisation.
CODE_CHECKS = {
    "format": CHECKS["format"],
    "organisation_key": CHECKS["organisation_key"],
    "attestation": "the attestation is not canonical, or not one",
    "attestation_signature": "the organisation did not sign this attestation",
    "attested_service": "the attestation is for another service",
    "statement": CHECKS["statement"],
    "attested_statement": "the code confirmed something else than this statement",
    "attested_person": "the statement is somebody else's than the code",
    "attested_mailbox": "the code was sent to another mailbox than that of whoever decided",
    "attested_organisation": "the statement is another organisation's than the attestation",
    "attested_time": "it was not confirmed while its code worked",
    "decision": CHECKS["decision"],
    "comment": CHECKS["comment"],
}


#: The same for a word in an emergency: signed as a decision is, and no decision.
WORD_CHECKS = {
    **{name: why for name, why in CHECKS.items() if name not in ("decision", "comment")},
    "reason": "the reason is not the one that was signed",
}


class Refused(Exception):
    """Why a receipt is refused: one of CHECKS, SERIES_CHECKS, CODE_CHECKS or WORD_CHECKS."""

    def __init__(self, reason):
        super().__init__({**CODE_CHECKS, **WORD_CHECKS, **SERIES_CHECKS}[reason])
        self.reason = reason


class BadPin(Exception):
    """The key that was given is none."""


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def canonical(value):
    """Canonical JSON: keys sorted by code point, no spaces, whole numbers, as few escapes as JSON allows."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        value.encode()  # half of a surrogate pair is no text
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in sorted(value)) + "}"
    raise ValueError("no such value in canonical JSON")


def read(text, whole=True):
    """Reads JSON as everybody would: no name twice, not endlessly deep, and if `whole` only whole numbers."""

    def once(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    def no(text):
        raise ValueError(f"no such number: {text}")

    def integer(text):
        if text == "-0" or len(text) > 17 or abs(int(text)) > MOST:
            no(text)
        return int(text)

    def deep(value):
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return 0 if inner is None else 1 + max(map(deep, inner), default=0)

    numbers = (integer, no) if whole else (float, float)
    try:
        value = json.loads(text, object_pairs_hook=once, parse_constant=no, parse_int=numbers[0], parse_float=numbers[1])
        if deep(value) > MOST_DEPTH:
            raise ValueError("too deep")
    except RecursionError as error:
        raise ValueError("too deep") from error
    return value


def decoded(text):
    """base64url without padding, of which there is only one form."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encoded(data) != text:
        raise ValueError("not base64url")
    return data


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def matches(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def either(*options):
    return lambda value: any(option(value) for option in options)


def shape(**members):
    """An object with exactly these members; None means that a member may be anything."""
    return lambda value: (
        isinstance(value, dict)
        and value.keys() == members.keys()
        and all(fits is None or fits(value[name]) for name, fits in members.items())
    )


def exactly(wanted):
    return lambda value: value == wanted and isinstance(value, type(wanted))


def text(value):
    return isinstance(value, str)


def integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def nothing(value):
    return value is None


def octets(value):
    try:
        return isinstance(value, str) and decoded(value) != b""
    except ValueError:
        return False


identity = matches(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
digest = matches(r"[0-9a-f]{64}")
place = shape(language=text, start=integer, end=integer, quote=text)
choice = either(
    shape(decision=exactly("approve")),
    shape(decision=exactly("reserve"), comment=text),
    shape(decision=exactly("return"), comment=text),
    shape(decision=exactly("return"), comment=text, place=either(nothing, place)),
)
p256 = shape(crv=exactly("P-256"), kty=exactly("EC"), x=octets, y=octets)
signed_members = {
    "statement": text,
    "choice": choice,
    "assertion": shape(credential=octets, authenticator_data=octets, client_data=octets, signature=octets),
    "enrolment": text,
    "enrolment_signature": octets,
    "organisation_key": p256,
}
receipt_shape = shape(format=exactly(FORMAT), **signed_members)


def digests(value):
    """Two hashes at least, none of them twice."""
    fits = isinstance(value, list) and 2 <= len(value) <= MOST_TOGETHER and all(map(digest, value))
    return fits and len(set(value)) == len(value)


series_receipt_shape = shape(format=exactly(SERIES_FORMAT), together=digests, **signed_members)
code_receipt_shape = shape(
    format=exactly(CODE_FORMAT),
    statement=text,
    choice=choice,
    attestation=text,
    attestation_signature=octets,
    organisation_key=p256,
)
person = either(
    shape(person=exactly("member"), member=identity),
    shape(person=exactly("outside"), mailbox=text),
)
attestation_shape = shape(
    asked_at=integer,
    confirmed_at=integer,
    how=exactly("mail_code"),
    mailbox=text,
    name=either(nothing, text),
    organisation=identity,
    origin=text,
    person=person,
    rp=text,
    statement=digest,
)
enrolment_shape = shape(
    credential=octets,
    public_key=either(
        p256,
        shape(crv=exactly("Ed25519"), kty=exactly("OKP"), x=octets),
        shape(kty=exactly("RSA"), n=octets, e=exactly("AQAB")),
    ),
    organisation=identity,
    member=identity,
    name=text,
    enrolled_at=integer,
    how=text,
    confirmed_by=either(nothing, identity),
    rp=text,
    origin=text,
)
statement_shape = shape(
    organisation=identity,
    post=identity,
    round=integer,
    circuit=identity,
    version=integer,
    step=identity,
    content=digest,
    envelope=either(
        shape(envelope=exactly("times"), **{"from": integer}, until=integer),
        shape(envelope=exactly("series"), days=None, **{"from": integer}, until=integer, first=text, last=text, zone=text),
    ),
    decision=either(exactly("approve"), exactly("reserve"), exactly("return")),
    comment=either(nothing, digest),
    at=integer,
    by=person,
    role=either(nothing, text),
    authority=either(nothing, shape(delegation=identity, of=identity, reference=text)),
    nonce=matches(r"[0-9a-f]{32}"),
)

word_receipt_shape = shape(
    format=exactly(WORD_FORMAT),
    statement=text,
    reason=either(nothing, text),
    assertion=shape(credential=octets, authenticator_data=octets, client_data=octets, signature=octets),
    enrolment=text,
    enrolment_signature=octets,
    organisation_key=p256,
)
#: The words that are given for a reason of their own.
REASONED = ("ask", "decline", "disown")
word_shape = shape(
    organisation=identity,
    post=identity,
    emergency=identity,
    said=either(*map(exactly, ("ask", "agree", "decline", "ratify", "disown"))),
    content=digest,
    form=either(shape(before=exactly("two")), shape(before=exactly("one"), within=integer)),
    reason=either(nothing, digest),
    at=integer,
    by=identity,
    role=text,
    nonce=matches(r"[0-9a-f]{32}"),
)


def canonical_object(text, fits):
    """The object that a canonical text says."""
    value = read(text)
    if canonical(value) != text or not fits(value):
        raise ValueError("not canonical, or not of its form")
    return value


def p256_key(jwk):
    x, y = decoded(jwk["x"]), decoded(jwk["y"])
    if len(x) != 32 or len(y) != 32:
        raise ValueError("not a point of P-256")
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1())
    return numbers.public_key()


def cose_key(jwk):
    """The key as authenticators write it: what the WebAuthn library takes."""
    if jwk["kty"] == "EC":
        p256_key(jwk)  # on the curve?
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: decoded(jwk["x"]), -3: decoded(jwk["y"])})
    if jwk["kty"] == "OKP":
        x = decoded(jwk["x"])
        if len(x) != 32:
            raise ValueError("not a key of Ed25519")
        return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: x})
    n = decoded(jwk["n"])
    if not 256 <= len(n) <= 512 or n[0] == 0 or n[-1] % 2 == 0:
        raise ValueError("not a key of RSA with 2048 bits or more")
    return cbor2.dumps({1: 3, 3: -257, -1: n, -2: decoded(jwk["e"])})


def pinned(key):
    """The organisation's key, from a JWK or from the register that publishes it."""
    if isinstance(key, dict) and isinstance(key.get("decision_key"), dict):
        key = key["decision_key"]
    names = ("crv", "kty", "x", "y")
    try:
        jwk = {name: key[name] for name in names}
        if not p256(jwk):
            raise ValueError("not a key of P-256")
        p256_key(jwk)
    except (KeyError, TypeError, ValueError) as error:
        raise BadPin("the organisation's key is not a public key of P-256 (JWK)") from error
    return jwk


# ── Judging ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def check(reason, holds):
    if not holds:
        raise Refused(reason)


def attempt(reason, act, *arguments):
    try:
        return act(*arguments)
    except (ValueError, InvalidSignature) as error:
        raise Refused(reason) from error


def verify(data, key, rp):
    """Verifies the bytes of a receipt. Answers what was read of it, or raises Refused."""
    pin = pinned(key)
    check("format", len(data) <= MOST_BYTES)
    receipt = attempt("format", lambda: read(data.decode("utf-8")))
    kind = receipt.get("format") if isinstance(receipt, dict) else None
    if kind == CODE_FORMAT:
        return verify_code(receipt, pin, rp)
    if kind == WORD_FORMAT:
        return verify_word(receipt, pin, rp)
    check("format", (series_receipt_shape if kind == SERIES_FORMAT else receipt_shape)(receipt))
    enrolment, statement = verify_signed(receipt, pin, rp, DECISION, statement_shape)
    check("person", statement["by"] == {"person": "member", "member": enrolment["member"]})
    check_setting(statement, enrolment)
    check_words(receipt["choice"], statement)
    return {"receipt": receipt, "enrolment": enrolment, "statement": statement}


def verify_word(receipt, pin, rp):
    """A word in an emergency. What was signed as a decision never passes for one, nor the other way round: each is
    signed under a name of its own."""
    check("format", word_receipt_shape(receipt))
    enrolment, statement = verify_signed(receipt, pin, rp, EMERGENCY, word_shape)
    check("person", statement["by"] == enrolment["member"])
    check_setting(statement, enrolment)
    said = receipt["reason"]
    check("reason", (said is not None) == (statement["said"] in REASONED))
    body = None if said is None else attempt("reason", canonical, said)
    check("reason", statement["reason"] == (None if body is None else hashlib.sha256(body.encode()).hexdigest()))
    return {"receipt": receipt, "enrolment": enrolment, "statement": statement}


def check_setting(statement, enrolment):
    check("organisation", statement["organisation"] == enrolment["organisation"])
    check("time", statement["at"] >= enrolment["enrolled_at"] - SKEW)


def verify_signed(receipt, pin, rp, domain, fits):
    """That an enrolled passkey signed the statement. Answers the enrolment and the statement."""
    assertion = receipt["assertion"]

    check("organisation_key", receipt["organisation_key"] == pin)
    enrolment = attempt("enrolment", canonical_object, receipt["enrolment"], enrolment_shape)
    cose = attempt("enrolment", cose_key, enrolment["public_key"])
    signed = ENROLMENT + receipt["enrolment"].encode()
    attempt("enrolment_signature", check_organisation, pin, receipt["enrolment_signature"], signed)
    check("relying_party", enrolment["rp"] == rp)

    statement = attempt("statement", canonical_object, receipt["statement"], fits)
    challenge = hashlib.sha256(domain + receipt["statement"].encode())
    if "together" in receipt:
        # One signature over the list of what each would be signed as.
        check("together", challenge.hexdigest() in receipt["together"])
        challenge = hashlib.sha256(DECISIONS + canonical(receipt["together"]).encode())
    challenge = challenge.digest()
    check("credential", assertion["credential"] == enrolment["credential"])

    client = attempt("client_data", lambda: read(decoded(assertion["client_data"]).decode("utf-8"), whole=False))
    check("client_data", isinstance(client, dict))
    check("ceremony", client.get("type") == "webauthn.get")
    check("challenge", client.get("challenge") == encoded(challenge))
    check("origin", client.get("origin") == enrolment["origin"])
    check("cross_origin", client.get("crossOrigin", False) is False and "topOrigin" not in client)

    authenticator = decoded(assertion["authenticator_data"])
    # 32 bytes of hash, one of flags, four of a counter; more only if the flags announce extensions. What a new
    # credential brings along (0x40) has no place in an assertion.
    check("authenticator_data", len(authenticator) >= 37 and not authenticator[32] & 0x40)
    check("authenticator_data", (len(authenticator) > 37) == bool(authenticator[32] & 0x80))
    check("authenticator_data", authenticator[32] & 0x18 != 0x10)  # backed up, and yet not to be backed up
    check("relying_party_hash", authenticator[:32] == hashlib.sha256(rp.encode()).digest())
    check("presence", authenticator[32] & 0x01)
    check("verification", authenticator[32] & 0x04)
    attempt("signature", check_assertion, assertion, challenge, rp, enrolment["origin"], cose)
    return enrolment, statement


def verify_code(receipt, pin, rp):
    """A receipt over a code: what the organisation attests, and that it is this statement that it attests."""
    check("format", code_receipt_shape(receipt))
    check("organisation_key", receipt["organisation_key"] == pin)
    attested = attempt("attestation", canonical_object, receipt["attestation"], attestation_shape)
    signed = ATTESTATION + receipt["attestation"].encode()
    attempt("attestation_signature", check_organisation, pin, receipt["attestation_signature"], signed)
    check("attested_service", attested["rp"] == rp)

    statement = attempt("statement", canonical_object, receipt["statement"], statement_shape)
    confirmed = hashlib.sha256(DECISION + receipt["statement"].encode()).hexdigest()
    check("attested_statement", attested["statement"] == confirmed)
    check("attested_person", attested["person"] == statement["by"])
    outside = statement["by"]["person"] == "outside"
    # Somebody outside has no name, no role and nobody's authority: only the mailbox.
    if outside:
        check("attested_person", (attested["name"], statement["role"], statement["authority"]) == (None, None, None))
        check("attested_mailbox", attested["mailbox"] == masked(statement["by"]["mailbox"]))
    check("attested_organisation", attested["organisation"] == statement["organisation"])
    asked, confirmed_at = attested["asked_at"], attested["confirmed_at"]
    check("attested_time", asked <= confirmed_at <= asked + CODE_LIVES)
    check("attested_time", asked - NUMBER_LIVES - SKEW <= statement["at"] <= asked + SKEW)
    check_words(receipt["choice"], statement)
    return {"receipt": receipt, "attestation": attested, "statement": statement}


def masked(mailbox):
    """An address as whoever has it knows it again: its first letter and its domain."""
    local, _, domain = mailbox.partition("@")
    return f"{local[:1]}\u2022\u2022\u2022@{domain}"


def check_words(said, statement):
    """What is shown as decided is what the statement says."""
    check("decision", said["decision"] == statement["decision"])
    comment = None
    if "comment" in said:
        body = attempt("comment", canonical, [said["comment"], said.get("place")])
        comment = hashlib.sha256(body.encode()).hexdigest()
    check("comment", comment == statement["comment"])


def check_organisation(pin, text, data):
    """The organisation's own signature: r and s, 32 bytes each."""
    signature = decoded(text)
    if len(signature) != 64:
        raise ValueError("not a signature of P-256")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    p256_key(pin).verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))


def check_assertion(assertion, challenge, rp, origin, cose):
    """The library's own judgement over the whole assertion. It asks most of what was asked above a second time."""
    credential = {
        "id": assertion["credential"],
        "rawId": assertion["credential"],
        "type": "public-key",
        "response": {
            "authenticatorData": assertion["authenticator_data"],
            "clientDataJSON": assertion["client_data"],
            "signature": assertion["signature"],
        },
    }
    try:
        webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp,
            expected_origin=origin,
            credential_public_key=cose,
            # Many passkeys do not count; whether a counter went back, only the service can know.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise ValueError(str(error)) from error


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def line(path, key, rp):
    """What is said of a receipt, and whether it is good."""
    try:
        found = verify(path.read_bytes(), key, rp)
    except Refused as refused:
        return f"refused  {path}: {refused.reason}: {refused}", False
    statement = found["statement"]
    moment = EPOCH + timedelta(milliseconds=min(statement["at"], LAST))
    if "enrolment" in found:
        together = len(found["receipt"].get("together", ()))
        with_others = f", together with {together - 1} more" if together else ""
        who, how = found["enrolment"]["name"], f"signed with a passkey{with_others}"
    else:
        attested = found["attestation"]
        who = attested["name"] or statement["by"].get("mailbox") or statement["by"]["member"]
        how = f"confirmed with a code sent to {attested['mailbox']}"
    what = statement["decision"] if "decision" in statement else f"{statement['said']} (emergency)"
    said = f"{what}, {printable(who)}, {printable(how)}, {moment.isoformat(timespec='seconds')}"
    return f"good     {path}: {said}, content {statement['content']}", True


def printable(text):
    """A name on one line, whatever somebody called themselves."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Verifies receipts of decisions, and of words in emergencies, given in Pregón.")
    parser.add_argument("--key", required=True, type=Path, help="the organisation's key: a JWK, or its accounts.json")
    parser.add_argument("--rp", required=True, help="the relying party: the domain of the service, as desk.example")
    parser.add_argument("receipts", nargs="+", type=Path, metavar="RECEIPT")
    asked = parser.parse_args(arguments)
    try:
        key = json.loads(asked.key.read_text(encoding="utf-8"))
        pinned(key)
        lines = [line(path, key, asked.rp) for path in asked.receipts]
    except (OSError, ValueError, BadPin) as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 2
    for said, _ in lines:
        print(said)
    return 0 if all(good for _, good in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
