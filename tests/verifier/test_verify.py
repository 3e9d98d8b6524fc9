"""The two verifiers (this folder's, and the public page's) over receipts of every kind, good and tampered.

Each receipt is a test of its own: both verifiers must say the same of it, and a tampered one must be refused for the
right reason. The page's verifier runs in Node (PREGON_NODE, or `node`).
"""

import base64
import contextlib
import copy
import hashlib
import io
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import verify
from authenticator import (
    AT,
    BE,
    BS,
    ED,
    NOON,
    OUTSIDE,
    RP,
    UP,
    UV,
    EcKey,
    Ed25519Key,
    RsaKey,
    Town,
    b64,
    sorted_json,
)

HERE = Path(__file__).parent
PAGE = HERE / "../../edge/src/public/verify.js"
OTHER_ID = "00000000000000000000000009"
PLACE = {"language": "es", "start": 3, "end": 9, "quote": "a las 𝕊"}

TOWN = Town()
OTHER = Town()
PIN = TOWN.key.jwk()


def changed(receipt, path, value):
    """The receipt with another value at a path; the value may be a function of the old one."""
    receipt = copy.deepcopy(receipt)
    inner = receipt
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value(inner[path[-1]]) if callable(value) else value
    return receipt


def inside(path, name, value):
    """Changes a member of a canonical text inside, and writes it canonically again."""

    def change(text):
        return sorted_json({**json.loads(text), name: value})

    return lambda receipt: changed(receipt, path, change)


def without(receipt, *path):
    receipt = copy.deepcopy(receipt)
    inner = receipt
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return receipt


def flipped(at):
    """One bit of the decoded bytes is another."""

    def flip(text):
        data = bytearray(verify.decoded(text))
        data[at] ^= 1
        return b64(bytes(data))

    return flip


def said(choice=None, **members):
    """A statement that says something else than usual, and is truly signed."""
    return TOWN.receipt(choice, statement=sorted_json(TOWN.statement(choice or {"decision": "approve"}, **members)))


def enrolled(**members):
    """An enrolment that says something else than usual, and is truly signed."""
    return TOWN.receipt(enrolment=sorted_json(TOWN.enrolment(**members)))


def coded(choice=None, outside=False, **members):
    """A statement that says something else than usual, truly attested."""
    who = {"by": {"person": "outside", "mailbox": OUTSIDE}, "role": None} if outside else {}
    return TOWN.code_receipt(choice, statement=sorted_json(TOWN.statement(choice or {"decision": "approve"}, **{**who, **members})))


def attested(outside=False, **members):
    """An attestation that says something else than usual, truly signed."""
    usual = TOWN.code_receipt(outside=outside)
    return TOWN.code_receipt(outside=outside, attestation=sorted_json(TOWN.attestation(usual["statement"], **members)))


def spoken(said="ask", reason="Riada en la ribera.", **members):
    """A word in an emergency that says something else than usual, and is truly signed."""
    return TOWN.word_receipt(said, reason, statement=sorted_json(TOWN.word(said, reason, **members)))


WORDS = (("ask", "Riada: «el río» 𝕊 \u2029"), ("agree", None), ("decline", "No."), ("ratify", None), ("disown", "No era para tanto."))


def good():
    """Receipts that must be accepted."""
    cases = {}
    for name, town in (("EC", TOWN), ("Ed25519", Town(Ed25519Key())), ("RSA", Town(RsaKey()))):
        for word, why in WORDS:
            cases[f"{name} emergency {word}"] = (town.word_receipt(word, why), town.key.jwk())
    cases["an emergency of two"] = (spoken(form={"before": "two"}), PIN)
    cases["a word a minute before the enrolment, by another clock"] = (spoken(at=NOON - 86_400_000 - 60_000), PIN)
    for name, town in (("EC", TOWN), ("Ed25519", Town(Ed25519Key())), ("RSA", Town(RsaKey()))):
        reserve = {"decision": "reserve", "comment": "Ojo con la fecha: «1 de mayo»"}
        back = {"decision": "return", "comment": "Falta la hora \u007f\u2029", "place": PLACE}
        for choice in ({"decision": "approve"}, reserve, back, {"decision": "return", "comment": "Falta", "place": None}):
            cases[f"{name} {choice['decision']}{' somewhere' if choice.get('place') else ''}"] = (town.receipt(choice), town.key.jwk())
        cases[f"{name} of a series"] = (town.series_receipt(), town.key.jwk())
        cases[f"{name} of a series, with a reservation"] = (town.series_receipt(reserve), town.key.jwk())
    series = {"envelope": "series", "days": ["Mon"], "from": 540, "until": 600, "first": "2026-11-02", "last": "2026-12-28", "zone": "Europe/Madrid"}
    authority = {"delegation": OTHER_ID, "of": OTHER_ID, "reference": "Decreto 12/2026"}
    more = {
        "with a counter and a backed-up passkey": TOWN.receipt(count=41, flags=UP | UV | BE | BS),
        "with extensions": TOWN.receipt(flags=UP | UV | ED, extensions=b"\xa1\x63abc\xf5"),
        "from a browser that does not say crossOrigin": TOWN.receipt(client={"crossOrigin": None}),
        "from a browser that says something new": TOWN.receipt(client={"other_keys_can_be_added_here": 1.5}),
        "by delegation": said(authority=authority, role=None),
        "over a series": said(envelope=series),
        "a minute before the enrolment, by another clock": said(at=NOON - 86_400_000 - 60_000),
        "a return without a place": without(TOWN.receipt({"decision": "return", "comment": "Falta", "place": None}), "choice", "place"),
        "confirmed by somebody": enrolled(confirmed_by=OTHER_ID),
    }
    for outside in (False, True):
        for choice in ({"decision": "approve"}, reserve, back, {"decision": "return", "comment": "Falta"}):
            name = f"code {'outside' if outside else 'member'} {choice['decision']}{' somewhere' if choice.get('place') else ''}"
            more[f"{name} {len(more)}"] = TOWN.code_receipt(choice, outside=outside)
    more |= {
        "a code by delegation": coded(authority=authority),
        "a code over a series": coded(envelope=series),
        "a code given back at once": attested(confirmed_at=NOON + 30_000),
        "a code given back at the last moment": attested(confirmed_at=NOON + 630_000),
        "a code for a statement of three days ago": attested(asked_at=NOON + 72 * 3_600_000, confirmed_at=NOON + 72 * 3_600_000),
        "a code of a device whose clock is ahead": attested(asked_at=NOON - 300_000, confirmed_at=NOON),
        "a code of a member without a name": attested(name=None),
    }
    return {**cases, **{name: (receipt, PIN) for name, receipt in more.items()}}


def tampered():
    """Receipts that must be refused: the reason, and the receipt or its very bytes."""
    own = TOWN.receipt()
    comment = TOWN.receipt({"decision": "return", "comment": "Falta la hora", "place": PLACE})
    series = said(post=OTHER_ID)
    key = EcKey()
    as_text = sorted_json(own)
    enrolment, statement = TOWN.enrolment(), TOWN.statement({"decision": "approve"})
    backwards = dict(reversed(sorted(statement.items())))
    long_signature = verify.decoded(own["assertion"]["signature"]) + b"\0"
    sign_in = TOWN.assertion("", challenge=hashlib.sha256(b"a random challenge").digest())
    der = verify.decoded(own["assertion"]["signature"])
    long_form = b"\x30\x81" + der[1:]
    far_point = {"kty": "EC", "crv": "P-256", "x": b64(b"\1" * 32), "y": b64(b"\1" * 32)}

    cases = {
        # The file.
        "format": {
            "nothing at all": b"",
            "no JSON": b"{",
            "not UTF-8": as_text.encode("utf-16"),
            "a byte order mark": b"\xef\xbb\xbf" + as_text.encode(),
            "a list": b"[]",
            "endlessly deep": b"[" * 60_000 + b"]" * 5_000,
            "one megabyte": as_text.encode() + b" " * 1_000_000,
            "another format": {**own, "format": "pregon/receipt/2"},
            "a member that is not known": {**own, "note": "approved by everybody"},
            "a member that is missing": without(own, "enrolment_signature"),
            "a member twice": (as_text[:-1] + ',"choice":{"decision":"return","comment":"no"}}').encode(),
            "a choice nobody has": changed(own, ["choice"], {"decision": "publish"}),
            "an approval with a comment": {**own, "choice": {"decision": "approve", "comment": "and so on"}},
            "a place with a fraction": as_text_of(comment, '"start":3', '"start":3.0'),
            "a signature with padding": changed(own, ["assertion", "signature"], lambda text: text + "="),
            "a signature with the other alphabet": changed(own, ["assertion", "signature"], "+/+/"),
            "base64url with bits left over": changed(own, ["assertion", "credential"], "AB"),
            "a user handle beside the assertion": changed(own, ["assertion"], lambda one: {**one, "user_handle": "AA"}),
            "a statement that is no text": changed(own, ["statement"], json.loads),
        },
        # The organisation's key.
        "organisation_key": {
            "made wholly by someone else": OTHER.receipt(),
            "someone else's key named instead": {**own, "organisation_key": OTHER.key.jwk()},
            "the key's y is the other one": changed(own, ["organisation_key", "y"], flipped(31)),
        },
        # The enrolment.
        "enrolment": {
            "enrolment with a space": TOWN.receipt(enrolment=sorted_json(enrolment).replace(":", ": ", 1)),
            "enrolment in another order": TOWN.receipt(enrolment=json.dumps(dict(reversed(sorted(enrolment.items()))), ensure_ascii=False, separators=(",", ":"))),
            "enrolment with escapes that need not be": TOWN.receipt(enrolment=json.dumps(enrolment, sort_keys=True, separators=(",", ":"))),
            "enrolment with a member more": enrolled(administrator=True),
            "enrolment without who confirmed": TOWN.receipt(enrolment=sorted_json({k: v for k, v in enrolment.items() if k != "confirmed_by"})),
            "enrolment with half a letter": TOWN.receipt(enrolment=sorted_json(enrolment).replace("núm", "\\ud800")),
            "a passkey that is no point of the curve": enrolled(public_key=far_point),
            "a passkey of RSA with 1024 bits": enrolled(public_key={"kty": "RSA", "n": b64(b"\xff" * 128), "e": "AQAB"}),
            "a passkey with its private half": enrolled(public_key={**TOWN.passkey.jwk(), "d": b64(b"\1" * 32)}),
        },
        "enrolment_signature": {
            "someone else's, with our key written on it": {**OTHER.receipt(), "organisation_key": PIN},
            "another name in the enrolment": inside(["enrolment"], "name", "El alcalde")(own),
            "another passkey in the enrolment": inside(["enrolment"], "public_key", key.jwk())(own),
            "another member in the enrolment": inside(["enrolment"], "member", OTHER_ID)(own),
            "an earlier enrolment": inside(["enrolment"], "enrolled_at", 0)(own),
            "another way of enrolment": inside(["enrolment"], "how", "in person")(own),
            "a bit of the organisation's signature": changed(own, ["enrolment_signature"], flipped(5)),
            "the organisation's signature cut short": changed(own, ["enrolment_signature"], lambda text: b64(verify.decoded(text)[:-1])),
            "the organisation's signature is nought": changed(own, ["enrolment_signature"], b64(bytes(64))),
            "the organisation's signature over something else": changed(own, ["enrolment_signature"], b64(TOWN.key.sign_raw(own["enrolment"].encode()))),
        },
        "relying_party": {
            "enrolled at another service": enrolled(rp="other.example"),
        },
        # The statement.
        "statement": {
            "statement with a line break": TOWN.receipt(statement=sorted_json(statement) + "\n"),
            "statement in another order": TOWN.receipt(statement=json.dumps(backwards, separators=(",", ":"))),
            "statement with an exponent": TOWN.receipt(statement=sorted_json(statement).replace('"round":1', '"round":1e0')),
            "statement with minus nought": TOWN.receipt(statement=sorted_json(statement).replace('"round":1', '"round":-0')),
            "statement with a number that not everybody reads alike": said(round=2**53),
            "statement with a name twice": TOWN.receipt(statement=sorted_json(statement).replace('"round":1', '"round":1,"round":1')),
            "statement with a member more": said(urgent=True),
            "statement without a nonce": TOWN.receipt(statement=sorted_json({k: v for k, v in statement.items() if k != "nonce"})),
            "statement with a nonce in capitals": said(nonce="0123456789ABCDEF0123456789abcdef"),
            "statement with a content that is no hash": said(content="content"),
            "statement with a member that is no identity": said(by={"person": "member", "member": "alcalde"}),
            "statement of no known decision": said(decision="publish"),
        },
        # The assertion.
        "credential": {
            "another credential's name": changed(own, ["assertion", "credential"], OTHER.credential),
        },
        "client_data": {
            "client data that is no JSON": TOWN.receipt(client_bytes=b"webauthn.get"),
            "client data that is a list": TOWN.receipt(client_bytes=b"[]"),
            "client data with its challenge twice": TOWN.receipt(client_bytes=b'{"challenge":"a","challenge":"b"}'),
        },
        "ceremony": {
            "the making of a passkey": TOWN.receipt(client={"type": "webauthn.create"}),
            "a payment": TOWN.receipt(client={"type": "payment.get"}),
        },
        "challenge": {
            "a sign-in, replayed": {**own, "assertion": sign_in},
            "the assertion of another receipt": {**own, "assertion": series["assertion"]},
            "the statement of another receipt": {**own, "statement": series["statement"]},
            "another post": inside(["statement"], "post", OTHER_ID)(own),
            "another content": inside(["statement"], "content", "0" * 64)(own),
            "another decision": inside(["statement"], "decision", "reserve")(own),
            "other times": inside(["statement"], "envelope", {"envelope": "times", "from": 0, "until": NOON})(own),
            "another hour": inside(["statement"], "at", NOON + 1)(own),
            "another round": inside(["statement"], "round", 2)(own),
            "another step": inside(["statement"], "step", OTHER_ID)(own),
            "another role": inside(["statement"], "role", "administrator")(own),
            "an authority that nobody gave": inside(["statement"], "authority", {"delegation": OTHER_ID, "of": OTHER_ID, "reference": "Decreto 1"})(own),
            "another nonce": inside(["statement"], "nonce", "f" * 32)(own),
            "another version of the circuit": inside(["statement"], "version", 2)(own),
            "a statement of another kind": TOWN.receipt(challenge=hashlib.sha256(b"pregon/release/1" + own["statement"].encode()).digest()),
            "a challenge with padding": TOWN.receipt(client={"challenge": b64(hashlib.sha256(b"pregon/decision/1" + own["statement"].encode()).digest()) + "="}),
            "no challenge": TOWN.receipt(client={"challenge": None}),
        },
        "origin": {
            "signed on another site": TOWN.receipt(client={"origin": "https://pregon.example.evil.example"}),
            "signed without TLS": TOWN.receipt(client={"origin": "http://pregon.example"}),
            "signed on another port": TOWN.receipt(client={"origin": "https://pregon.example:8443"}),
        },
        "cross_origin": {
            "inside of another site's page": TOWN.receipt(client={"crossOrigin": True}),
            "inside of another site's page, which is named": TOWN.receipt(client={"topOrigin": "https://evil.example"}),
            "crossOrigin is no yes or no": TOWN.receipt(client={"crossOrigin": "false"}),
        },
        "authenticator_data": {
            "authenticator data cut short": changed(own, ["assertion", "authenticator_data"], lambda text: b64(verify.decoded(text)[:36])),
            "authenticator data of one byte": changed(own, ["assertion", "authenticator_data"], "AA"),
            "authenticator data with something behind": TOWN.receipt(extensions=b"\xa0"),
            "authenticator data with extensions that are not there": TOWN.receipt(flags=UP | UV | ED),
            "authenticator data with a new credential": TOWN.receipt(flags=UP | UV | AT, extensions=b"\0" * 60),
            "a passkey that is backed up and cannot be": TOWN.receipt(flags=UP | UV | BS),
        },
        "relying_party_hash": {
            "signed for another service": TOWN.receipt(rp="other.example"),
            "a bit of the service's hash": changed(own, ["assertion", "authenticator_data"], flipped(0)),
        },
        "presence": {
            "nobody was present": TOWN.receipt(flags=UV),
            "no flag at all": TOWN.receipt(flags=0),
        },
        "verification": {
            "nobody was verified": TOWN.receipt(flags=UP),
        },
        "signature": {
            "a bit of the signature": changed(own, ["assertion", "signature"], flipped(-1)),
            "signed with another passkey under this one's name": TOWN.receipt(passkey=key),
            "a signature of another kind": TOWN.receipt(passkey=Ed25519Key()),
            "the signature of another receipt": changed(own, ["assertion", "signature"], series["assertion"]["signature"]),
            "the signature with a byte behind": changed(own, ["assertion", "signature"], b64(long_signature)),
            "the signature in a longer form": changed(own, ["assertion", "signature"], b64(long_form)),
            "the signature without its form": changed(own, ["assertion", "signature"], b64(key.sign_raw(b""))),
            "a later counter": changed(own, ["assertion", "authenticator_data"], flipped(36)),
            "another flag": changed(own, ["assertion", "authenticator_data"], lambda text: flag(text, BE)),
            "client data with a member more": changed(own, ["assertion", "client_data"], lambda text: b64(verify.decoded(text)[:-1] + b',"a":1}')),
            "client data with a space": changed(own, ["assertion", "client_data"], lambda text: b64(verify.decoded(text) + b" ")),
        },
        # Who, where, when and what.
        "person": {
            "somebody else's statement": said(by={"person": "member", "member": OTHER_ID}),
            "a statement of somebody outside": said(by={"person": "outside", "mailbox": "asesoria@town.example"}),
        },
        "organisation": {
            "a statement of another organisation": said(organisation=OTHER_ID),
        },
        "time": {
            "decided before the passkey was enrolled": said(at=NOON - 86_400_000 - 300_001),
            "enrolled afterwards": enrolled(enrolled_at=NOON + 600_000),
        },
        "decision": {
            "shown as returned": {**own, "choice": {"decision": "return", "comment": "no", "place": None}},
            "shown as approved": {**comment, "choice": {"decision": "approve"}},
            "shown as approved with a reservation": {**own, "choice": {"decision": "reserve", "comment": "bien"}},
        },
        "comment": {
            "another comment": changed(comment, ["choice", "comment"], "Falta el lugar"),
            "a comment with a space": changed(comment, ["choice", "comment"], "Falta la hora "),
            "another place": changed(comment, ["choice", "place", "end"], 8),
            "other words at the place": changed(comment, ["choice", "place", "quote"], "a las 7"),
            "no place": changed(comment, ["choice", "place"], None),
            "a comment with half a letter": as_text_of(comment, "Falta la hora", "\\ud800"),
            "an approval over a comment that is not shown": said(comment="0" * 64),
            "a comment that was not signed": said({"decision": "return", "comment": "Falta"}, comment=None),
        },
    }
    return {name: (reason, receipt) for reason, those in cases.items() for name, receipt in those.items()}


def tampered_codes():
    """Receipts over a code that must be refused: the reason, and the receipt or its very bytes."""
    own, out = TOWN.code_receipt(), TOWN.code_receipt(outside=True)
    comment = TOWN.code_receipt({"decision": "return", "comment": "Falta la hora", "place": PLACE})
    signed = TOWN.receipt()
    as_text = sorted_json(own)
    attestation, statement = TOWN.attestation(own["statement"]), TOWN.statement({"decision": "approve"})
    other = coded(post=OTHER_ID)
    late = 72 * 3_600_000 + 300_001
    cases = {
        "format": {
            "a code receipt of a later kind": {**own, "format": "pregon/code-receipt/2"},
            "a code receipt with a member more": {**own, "assertion": signed["assertion"]},
            "a code receipt without its signature": without(own, "attestation_signature"),
            "a code receipt without its attestation": without(own, "attestation"),
            "a code receipt that calls itself signed": {**own, "format": "pregon/receipt/1"},
            "a signed receipt that calls itself coded": {**signed, "format": "pregon/code-receipt/1"},
            "a code receipt with a member twice": (as_text[:-1] + ',"statement":""}').encode(),
            "a code receipt of a choice nobody has": changed(own, ["choice"], {"decision": "publish"}),
            "a code receipt with padding": changed(own, ["attestation_signature"], lambda text: text + "="),
            "a code receipt whose attestation is no text": changed(own, ["attestation"], json.loads),
            "a code receipt that is a list of one": [own],
        },
        "organisation_key": {
            "a code attested wholly by someone else": OTHER.code_receipt(),
            "a code under someone else's key": {**own, "organisation_key": OTHER.key.jwk()},
        },
        "attestation": {
            "attestation with a space": TOWN.code_receipt(attestation=sorted_json(attestation).replace(":", ": ", 1)),
            "attestation in another order": TOWN.code_receipt(attestation=json.dumps(dict(reversed(sorted(attestation.items()))), ensure_ascii=False, separators=(",", ":"))),
            "attestation with escapes that need not be": TOWN.code_receipt(attestation=json.dumps(attestation, sort_keys=True, separators=(",", ":"))),
            "attestation with a member more": attested(verified=True),
            "attestation without a person": TOWN.code_receipt(attestation=sorted_json({k: v for k, v in attestation.items() if k != "person"})),
            "attestation of another way": attested(how="passkey"),
            "attestation of nobody": attested(person={"person": "nobody"}),
            "attestation with a statement that is no hash": attested(statement="statement"),
            "attestation with a fraction": TOWN.code_receipt(attestation=sorted_json(attestation).replace('"asked_at":', '"asked_at":0.5,"x":')),
            "attestation with half a letter": TOWN.code_receipt(attestation=sorted_json(attestation).replace("núm", "\\ud800")),
        },
        "attestation_signature": {
            "someone else's attestation, with our key written on it": {**OTHER.code_receipt(), "organisation_key": PIN},
            "another name in the attestation": inside(["attestation"], "name", "El alcalde")(own),
            "another mailbox in the attestation": inside(["attestation"], "mailbox", "x•••@town.example")(own),
            "another person in the attestation": inside(["attestation"], "person", {"person": "member", "member": OTHER_ID})(own),
            "another hour of asking": inside(["attestation"], "asked_at", NOON)(own),
            "another hour of giving back": inside(["attestation"], "confirmed_at", NOON + 31_000)(own),
            "another origin of the attestation": inside(["attestation"], "origin", "https://evil.example")(own),
            "another service in the attestation": inside(["attestation"], "rp", "evil.example")(own),
            "another organisation in the attestation": inside(["attestation"], "organisation", OTHER_ID)(own),
            "an attestation of another statement, grafted": inside(["attestation"], "statement", "0" * 64)(own),
            "a bit of the attestation's signature": changed(own, ["attestation_signature"], flipped(5)),
            "the attestation's signature cut short": changed(own, ["attestation_signature"], lambda text: b64(verify.decoded(text)[:-1])),
            "the attestation's signature is nought": changed(own, ["attestation_signature"], b64(bytes(64))),
            "signed as an enrolment": TOWN.code_receipt(prefix=b"pregon/enrolment/1"),
            "signed as a decision": TOWN.code_receipt(prefix=b"pregon/decision/1"),
            "signed without saying as what": TOWN.code_receipt(prefix=b""),
            "the signature of another attestation": {**own, "attestation_signature": other["attestation_signature"]},
        },
        "attested_service": {
            "attested at another service": attested(rp="other.example"),
        },
        "statement": {
            "a coded statement with a line break": TOWN.code_receipt(statement=sorted_json(statement) + "\n"),
            "a coded statement with a member more": coded(urgent=True),
            "a coded statement without a nonce": TOWN.code_receipt(statement=sorted_json({k: v for k, v in statement.items() if k != "nonce"})),
            "a coded statement of no known decision": coded(decision="publish"),
            "a coded statement with an exponent": TOWN.code_receipt(statement=sorted_json(statement).replace('"round":1', '"round":1e0')),
        },
        "attested_statement": {
            "the statement of another code": {**own, "statement": other["statement"]},
            "another content under a code": inside(["statement"], "content", "0" * 64)(own),
            "another decision under a code": inside(["statement"], "decision", "reserve")(own),
            "another round under a code": inside(["statement"], "round", 2)(own),
            "another nonce under a code": inside(["statement"], "nonce", "f" * 32)(own),
            "another person under a code": inside(["statement"], "by", {"person": "member", "member": OTHER_ID})(own),
            "another mailbox under a code": inside(["statement"], "by", {"person": "outside", "mailbox": "x@agency.example"})(out),
            "other times under a code": inside(["statement"], "envelope", {"envelope": "times", "from": 0, "until": NOON})(own),
            "another hour under a code": inside(["statement"], "at", NOON + 1)(own),
            "attested over the bare statement": attested(statement=hashlib.sha256(own["statement"].encode()).hexdigest()),
        },
        "attested_person": {
            "a code of somebody else": attested(person={"person": "member", "member": OTHER_ID}),
            "a code of somebody outside for a member": attested(person={"person": "outside", "mailbox": OUTSIDE}),
            "a code of a member for somebody outside": attested(outside=True, person={"person": "member", "member": OTHER_ID}),
            "somebody outside with a name": attested(outside=True, name="El alcalde"),
            "somebody outside with a role": coded(outside=True, role="approver"),
            "somebody outside by delegation": coded(outside=True, authority={"delegation": OTHER_ID, "of": OTHER_ID, "reference": "Decreto 1"}),
        },
        "attested_mailbox": {
            "a code sent to another house": attested(outside=True, mailbox="a•••@evil.example"),
            "a code sent to another letter": attested(outside=True, mailbox="b•••@agency.example"),
            "a mailbox that is not masked": attested(outside=True, mailbox=OUTSIDE),
        },
        "attested_organisation": {
            "a coded statement of another organisation": coded(organisation=OTHER_ID),
        },
        "attested_time": {
            "given back before it was asked for": attested(confirmed_at=NOON + 29_999),
            "given back too late": attested(confirmed_at=NOON + 630_001),
            "stated after the code was asked for": attested(asked_at=NOON - 300_001, confirmed_at=NOON - 300_001),
            "stated long before the code was asked for": attested(asked_at=NOON + late, confirmed_at=NOON + late),
        },
        "decision": {
            "a code shown as returned": {**own, "choice": {"decision": "return", "comment": "no", "place": None}},
            "a returned one shown as approved": {**comment, "choice": {"decision": "approve"}},
        },
        "comment": {
            "another comment under a code": changed(comment, ["choice", "comment"], "Falta el lugar"),
            "another place under a code": changed(comment, ["choice", "place", "end"], 8),
            "a comment under a code with half a letter": as_text_of(comment, "Falta la hora", "\\ud800"),
            "a comment that no code confirmed": coded({"decision": "return", "comment": "Falta"}, comment=None),
        },
    }
    return {name: (reason, receipt) for reason, those in cases.items() for name, receipt in those.items()}


def tampered_words():
    """Receipts of words in an emergency that must be refused: the reason, and the receipt or its very bytes."""
    own, bare, no = TOWN.word_receipt(), TOWN.word_receipt("ratify", None), TOWN.word_receipt("disown", "No era para tanto.")
    decision = TOWN.receipt()
    statement = TOWN.word("ask", own["reason"])
    as_text = sorted_json(own)
    cases = {
        "format": {
            "a word of a later kind": {**own, "format": "pregon/emergency-receipt/2"},
            "a word that calls itself a decision": {**own, "format": "pregon/receipt/1"},
            "a decision that calls itself a word": {**decision, "format": "pregon/emergency-receipt/1"},
            "a word with a choice": {**own, "choice": {"decision": "approve"}},
            "a word without its reason": without(own, "reason"),
            "a word whose reason is a number": {**own, "reason": 1},
            "a word without its enrolment": without(own, "enrolment"),
            "a word with a member twice": (as_text[:-1] + ',"reason":"no"}').encode(),
        },
        "organisation_key": {
            "a word made wholly by someone else": OTHER.word_receipt(),
            "a word under someone else's key": {**own, "organisation_key": OTHER.key.jwk()},
        },
        "enrolment": {
            "a word under an enrolment with a member more": TOWN.word_receipt(enrolment=sorted_json(TOWN.enrolment(administrator=True))),
        },
        "enrolment_signature": {
            "a word under another name": inside(["enrolment"], "name", "El alcalde")(own),
            "someone else's word, with our key written on it": {**OTHER.word_receipt(), "organisation_key": PIN},
        },
        "relying_party": {
            "a word of a passkey of another service": TOWN.word_receipt(enrolment=sorted_json(TOWN.enrolment(rp="other.example"))),
        },
        "statement": {
            "a word dressed as a decision": {**without(own, "reason"), "format": "pregon/receipt/1", "choice": {"decision": "approve"}},
            "a word with a line break": TOWN.word_receipt(statement=sorted_json(statement) + "\n"),
            "a word with a member more": spoken(urgent=True),
            "a word that nobody says": spoken(said="publish"),
            "a word without a form": TOWN.word_receipt(statement=sorted_json({k: v for k, v in statement.items() if k != "form"})),
            "a word of two with a time": spoken(form={"before": "two", "within": 1}),
            "a word of one without a time": spoken(form={"before": "one"}),
            "a word of somebody outside": spoken(by={"person": "outside", "mailbox": "asesoria@town.example"}),
            "a word of no role": spoken(role=None),
            "a word with a reason that is no hash": TOWN.word_receipt(statement=sorted_json({**statement, "reason": "Riada"})),
            "a decision's statement in a word's receipt": TOWN.word_receipt(statement=decision["statement"]),
            "a word's statement in a decision's receipt": {**decision, "statement": own["statement"]},
        },
        "credential": {
            "a word of another credential": changed(own, ["assertion", "credential"], OTHER.credential),
        },
        "challenge": {
            "a word signed as a decision": TOWN.word_receipt(domain=b"pregon/decision/1"),
            "a word signed without saying as what": TOWN.word_receipt(domain=b""),
            "a word with the assertion of a decision": {**own, "assertion": decision["assertion"]},
            "a decision with the assertion of a word": {**decision, "assertion": own["assertion"]},
            "another word": inside(["statement"], "said", "ratify")(own),
            "another post under a word": inside(["statement"], "post", OTHER_ID)(own),
            "another emergency": inside(["statement"], "emergency", OTHER_ID)(own),
            "another content under a word": inside(["statement"], "content", "0" * 64)(own),
            "another form": inside(["statement"], "form", {"before": "two"})(own),
            "another time for the ratification": inside(["statement"], "form", {"before": "one", "within": 1})(own),
            "another hour of a word": inside(["statement"], "at", NOON + 1)(own),
            "another role in a word": inside(["statement"], "role", "administrator")(own),
            "another number of a word": inside(["statement"], "nonce", "f" * 32)(own),
        },
        "client_data": {
            "a word with client data that is a list": TOWN.word_receipt(client_bytes=b"[]"),
        },
        "ceremony": {
            "a word in the making of a passkey": TOWN.word_receipt(client={"type": "webauthn.create"}),
        },
        "origin": {
            "a word on another site": TOWN.word_receipt(client={"origin": "https://pregon.example.evil.example"}),
        },
        "cross_origin": {
            "a word inside of another site's page": TOWN.word_receipt(client={"crossOrigin": True}),
        },
        "authenticator_data": {
            "a word with something behind its authenticator data": TOWN.word_receipt(extensions=b"\xa0"),
        },
        "relying_party_hash": {
            "a word for another service": TOWN.word_receipt(rp="other.example"),
        },
        "presence": {
            "a word that nobody was there to say": TOWN.word_receipt(flags=UV),
        },
        "verification": {
            "a word of nobody who was verified": TOWN.word_receipt(flags=UP),
        },
        "signature": {
            "a bit of the signature of a word": changed(own, ["assertion", "signature"], flipped(-1)),
            "a word signed with another passkey": TOWN.word_receipt(passkey=EcKey()),
        },
        "person": {
            "somebody else's word": spoken(by=OTHER_ID),
        },
        "organisation": {
            "a word in another organisation": spoken(organisation=OTHER_ID),
        },
        "time": {
            "a word of before the passkey was enrolled": spoken(at=NOON - 86_400_000 - 300_001),
        },
        "reason": {
            "another reason": {**own, "reason": "Incendio."},
            "a reason with a space": {**own, "reason": own["reason"] + " "},
            "a reason that is not shown": {**own, "reason": None},
            "a no without why": {**no, "reason": None},
            "a reason under a word that has none": {**bare, "reason": "Porque sí."},
            "a yes with a signed reason": spoken("ratify", "Porque sí."),
            "a no that was signed without why": TOWN.word_receipt("disown", None),
            "a reason with half a letter": as_text_of(own, "Riada en la ribera.", "\\ud800"),
        },
    }
    return {name: (reason, receipt) for reason, those in cases.items() for name, receipt in those.items()}


def tampered_series():
    """Receipts of one of several decisions under one signature that must be refused."""
    own = TOWN.series_receipt()
    alone = TOWN.receipt()
    list_of = own["together"]
    digest = hashlib.sha256(b"pregon/decision/1" + own["statement"].encode()).hexdigest()
    other = hashlib.sha256(b"other").hexdigest()
    sixty = [hashlib.sha256(bytes([number])).hexdigest() for number in range(60)]
    comment = TOWN.series_receipt({"decision": "reserve", "comment": "Ojo"})

    def stated(**members):
        return TOWN.series_receipt(statement=sorted_json(TOWN.statement({"decision": "approve"}, **members)))

    cases = {
        "format": {
            "of a series, of a later kind": {**own, "format": "pregon/series-receipt/2"},
            "of a series that calls itself one": {**own, "format": "pregon/receipt/1"},
            "one that calls itself of a series": {**alone, "format": "pregon/series-receipt/1"},
            "of a series without its list": without(own, "together"),
            "of a series of one": TOWN.series_receipt(together=[digest]),
            "of a series of none": TOWN.series_receipt(together=[]),
            "of a series of sixty-one": TOWN.series_receipt(together=[digest, *sixty]),
            "of a series with one twice": TOWN.series_receipt(together=[digest, other, other]),
            "of a series in capitals": TOWN.series_receipt(together=[digest, other.upper()]),
            "of a series whose list is a text": {**own, "together": digest},
            "of a series whose list has a number": {**own, "together": [*list_of, 1]},
        },
        "organisation_key": {"of a series, made wholly by someone else": OTHER.series_receipt()},
        "enrolment": {"of a series, under an enrolment with a member more": TOWN.series_receipt(enrolment=sorted_json(TOWN.enrolment(administrator=True)))},
        "enrolment_signature": {"of a series, under another name": inside(["enrolment"], "name", "El alcalde")(own)},
        "relying_party": {"of a series, of a passkey of another service": TOWN.series_receipt(enrolment=sorted_json(TOWN.enrolment(rp="other.example")))},
        "statement": {"of a series, with a member more": stated(urgent=True)},
        "together": {
            "of another series": TOWN.series_receipt(together=[other, sixty[0]]),
            "another post of a series": inside(["statement"], "post", OTHER_ID)(own),
            "another content of a series": inside(["statement"], "content", "0" * 64)(own),
            "another decision in a series": inside(["statement"], "decision", "reserve")(own),
            "another number of a series": inside(["statement"], "nonce", "f" * 32)(own),
            "of a series that lost this one": {**own, "together": [one for one in list_of if one != digest]},
        },
        "credential": {"of a series, by another credential": changed(own, ["assertion", "credential"], OTHER.credential)},
        "client_data": {"of a series, with client data that is a list": TOWN.series_receipt(client_bytes=b"[]")},
        "ceremony": {"of a series, in the making of a passkey": TOWN.series_receipt(client={"type": "webauthn.create"})},
        "challenge": {
            "of a series with one more": {**own, "together": [*list_of, other]},
            "of a series with one less": {**own, "together": list_of[:-1]},
            "of a series in another order": {**own, "together": list_of[::-1]},
            "of a series with the assertion of one": {**own, "assertion": alone["assertion"]},
            "one with the assertion of a series": {**alone, "assertion": own["assertion"]},
            "of a series, signed as one": TOWN.series_receipt(domain=b"pregon/decision/1"),
            "of a series, signed without saying as what": TOWN.series_receipt(domain=b""),
        },
        "origin": {"of a series, on another site": TOWN.series_receipt(client={"origin": "https://pregon.example.evil.example"})},
        "cross_origin": {"of a series, inside of another site's page": TOWN.series_receipt(client={"crossOrigin": True})},
        "authenticator_data": {"of a series, with something behind": TOWN.series_receipt(extensions=b"\xa0")},
        "relying_party_hash": {"of a series, for another service": TOWN.series_receipt(rp="other.example")},
        "presence": {"of a series, that nobody was there to sign": TOWN.series_receipt(flags=UV)},
        "verification": {"of a series, of nobody who was verified": TOWN.series_receipt(flags=UP)},
        "signature": {"a bit of the signature of a series": changed(own, ["assertion", "signature"], flipped(-1))},
        "person": {"somebody else's series": stated(by={"person": "member", "member": OTHER_ID})},
        "organisation": {"a series of another organisation": stated(organisation=OTHER_ID)},
        "time": {"a series of before the passkey was enrolled": stated(at=NOON - 86_400_000 - 300_001)},
        "decision": {"of a series, shown as returned": {**own, "choice": {"decision": "return", "comment": "no", "place": None}}},
        "comment": {"of a series, with another comment": changed(comment, ["choice", "comment"], "Nada")},
    }
    return {name: (reason, receipt) for reason, those in cases.items() for name, receipt in those.items()}


def flag(text, bit):
    data = bytearray(verify.decoded(text))
    data[32] |= bit
    return b64(bytes(data))


def as_text_of(receipt, old, new):
    """The receipt's bytes with other words: what a JSON library would not write."""
    text = sorted_json(receipt)
    assert text.count(old) >= 1
    return text.replace(old, new).encode()


def written(receipt):
    return receipt if isinstance(receipt, bytes) else json.dumps(receipt, indent=2).encode()


def ask_the_page(cases):
    """What the public page's verifier says, of all at once."""
    order = [{"receipt": base64.b64encode(data).decode(), "key": key, "rp": rp} for data, key, rp in cases]
    node = os.environ.get("PREGON_NODE") or "node"
    command = [node, HERE / "verdicts.mjs", PAGE]
    answer = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(f"the page's verifier does not run: {answer.stderr}")
    return json.loads(answer.stdout)


def verdict(data, key, rp):
    try:
        verify.verify(data, key, rp)
    except verify.Refused as refused:
        return refused.reason
    return None


#: Every case: its name, why it is to be refused (None: it is good), and what it is made of.
CASES = [(f"good: {name}", None, (written(receipt), key, RP)) for name, (receipt, key) in good().items()]
CASES += [(f"{reason}: {name}", reason, (written(receipt), PIN, RP)) for name, (reason, receipt) in tampered().items()]
CASES += [(f"{reason}: {name}", reason, (written(receipt), PIN, RP)) for name, (reason, receipt) in tampered_codes().items()]
CASES += [(f"{reason}: {name}", reason, (written(receipt), PIN, RP)) for name, (reason, receipt) in tampered_words().items()]
CASES += [(f"{reason}: {name}", reason, (written(receipt), PIN, RP)) for name, (reason, receipt) in tampered_series().items()]
CASES += [
    ("organisation_key: a good word under another pin", "organisation_key", (written(TOWN.word_receipt()), OTHER.key.jwk(), RP)),
    ("relying_party: a good word for another pinned service", "relying_party", (written(TOWN.word_receipt()), PIN, "example")),
    ("attested_service: a good code receipt for another pinned service", "attested_service", (written(TOWN.code_receipt()), PIN, "example")),
    ("organisation_key: a good code receipt under another pin", "organisation_key", (written(TOWN.code_receipt()), OTHER.key.jwk(), RP)),
    ("organisation_key: a good receipt under another pin", "organisation_key", (written(TOWN.receipt()), OTHER.key.jwk(), RP)),
    ("relying_party: a good receipt for another pinned service", "relying_party", (written(TOWN.receipt()), PIN, "example")),
]


class Receipts(unittest.TestCase):
    """One test a receipt; they are added below."""

    page = None

    @classmethod
    def setUpClass(cls):
        cls.page = ask_the_page([what for _, _, what in CASES])


def one(at, wanted, what):
    def test(self):
        self.assertEqual(verdict(*what), wanted, "the independent verifier")
        self.assertEqual(self.page["verdicts"][at], wanted, "the public page")

    return test


for number, (name, reason, material) in enumerate(CASES):
    test = one(number, reason, material)
    test.__doc__ = name
    setattr(Receipts, f"test_{number:03}", test)


def same_value(one, other):
    try:
        return json.loads(one) == json.loads(other)
    except ValueError:
        return False


class Rules(unittest.TestCase):
    """What the receipts have in common."""

    def test_at_least_fifty_are_tampered_and_each_check_refuses_one(self):
        reasons = [reason for _, reason, _ in CASES if reason]
        self.assertGreaterEqual(len(reasons), 50)
        self.assertEqual(set(reasons), set(verify.SERIES_CHECKS) | set(verify.CODE_CHECKS) | set(verify.WORD_CHECKS))
        coded = [reason for reason, _ in tampered_codes().values()]
        self.assertGreaterEqual(len(coded), 50)
        self.assertEqual(set(coded), set(verify.CODE_CHECKS))
        self.assertEqual({reason for reason, _ in tampered_series().values()}, set(verify.SERIES_CHECKS))
        words = [reason for reason, _ in tampered_words().values()]
        self.assertGreaterEqual(len(words), 50)
        self.assertEqual(set(words), set(verify.WORD_CHECKS))

    def test_both_verifiers_check_the_same_in_the_same_order(self):
        said = ask_the_page([])
        self.assertEqual((said["checks"], said["code_checks"]), (list(verify.CHECKS), list(verify.CODE_CHECKS)))
        self.assertEqual(said["word_checks"], list(verify.WORD_CHECKS))
        self.assertEqual(said["series_checks"], list(verify.SERIES_CHECKS))

    def test_any_letter_that_is_changed_is_noticed_by_both(self):
        for receipt in (TOWN.receipt(), TOWN.code_receipt(), TOWN.code_receipt(outside=True), TOWN.word_receipt(), TOWN.series_receipt()):
            self.change_letters(written(receipt))

    def change_letters(self, data):
        # A letter of the file is another: in a name, a value, a signature. White space outside of texts is free, and so is
        # the spelling of a letter (`u00fa` and `u00fA`).
        places = [at for at in range(0, len(data), 13) if not data[at : at + 1].isspace()]
        cases = []
        for at in places:
            letter = b"A" if data[at : at + 1] != b"A" else b"B"
            changed = data[:at] + letter + data[at + 1 :]
            if not same_value(data, changed):
                cases.append((at, (changed, PIN, RP)))
        self.assertGreater(len(cases), 60)
        said = ask_the_page([case for _, case in cases])["verdicts"]
        for (at, case), page in zip(cases, said):
            self.assertIsNotNone(page, at)
            self.assertEqual(verdict(*case), page, at)

    def test_the_canonical_text_is_the_engines(self):
        # The very text that the rules' own test expects (domain/src/statement.rs).
        text = (
            '{"at":10000000,"authority":null,"by":{"member":"00000000000000000000000003","person":"member"},'
            '"circuit":"00000000000000000000000001","comment":null,"content":"' + "0" * 64 + '","decision":"approve",'
            '"envelope":{"envelope":"times","from":0,"until":1000000},"nonce":"00000000000000000000000000000009",'
            '"organisation":"00000000000000000000000007","post":"00000000000000000000000001","role":"approver",'
            '"round":1,"step":"00000000000000000000000001","version":1}'
        )
        self.assertEqual(verify.canonical(json.loads(text)), text)
        self.assertTrue(verify.statement_shape(json.loads(text)))
        # And of a word (domain/src/emergency/statement.rs).
        text = (
            '{"at":10000000,"by":"00000000000000000000000003","content":"' + "0" * 64 + '",'
            '"emergency":"00000000000000000000000001","form":{"before":"one","within":100},'
            '"nonce":"00000000000000000000000000000009","organisation":"00000000000000000000000007",'
            '"post":"00000000000000000000000001","reason":null,"role":"approver","said":"ratify"}'
        )
        self.assertEqual(verify.canonical(json.loads(text)), text)
        self.assertTrue(verify.word_shape(json.loads(text)))

    def test_keys_are_sorted_by_code_point_and_controls_are_escaped(self):
        self.assertEqual(verify.canonical({"𝕊": 1, "\ue000": 2, "a": "\x1f\n\x7f/é"}), '{"a":"\\u001f\\n\x7f/é","\ue000":2,"𝕊":1}')


class Command(unittest.TestCase):
    """The program, as an auditor would call it."""

    def run_with(self, receipts, key=PIN):
        with tempfile.TemporaryDirectory() as folder:
            at = Path(folder)
            (at / "key.json").write_text(json.dumps(key))
            paths = []
            for number, receipt in enumerate(receipts):
                paths.append(at / f"{number}.json")
                paths[-1].write_bytes(written(receipt))
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = verify.main(["--key", str(at / "key.json"), "--rp", RP, *map(str, paths)])
        return code, out.getvalue().splitlines(), err.getvalue()

    def test_good_ones_are_a_line_each_and_nought(self):
        code, lines, _ = self.run_with([TOWN.receipt(), TOWN.receipt({"decision": "return", "comment": "Falta"})])
        self.assertEqual(code, 0)
        self.assertTrue(lines[0].startswith("good ") and "approve" in lines[0], lines)
        self.assertIn("signed with a passkey", lines[0])
        self.assertTrue(lines[1].startswith("good ") and "return" in lines[1], lines)

    def test_a_code_is_called_a_code(self):
        code, lines, _ = self.run_with([TOWN.code_receipt(), TOWN.code_receipt(outside=True)])
        self.assertEqual(code, 0)
        self.assertIn("confirmed with a code sent to s•••@town.example", lines[0])
        self.assertIn(OUTSIDE, lines[1])
        self.assertNotIn("passkey", "".join(lines))

    def test_a_word_in_an_emergency_is_called_one(self):
        code, lines, _ = self.run_with([TOWN.word_receipt(), TOWN.word_receipt("ratify", None)])
        self.assertEqual(code, 0)
        self.assertIn("ask (emergency)", lines[0])
        self.assertIn("ratify (emergency)", lines[1])
        self.assertIn("signed with a passkey", lines[1])

    def test_one_that_is_refused_is_named_with_its_reason(self):
        code, lines, _ = self.run_with([TOWN.receipt(), OTHER.receipt()])
        self.assertEqual(code, 1)
        self.assertIn("organisation_key", lines[1])
        self.assertTrue(lines[1].startswith("refused "), lines)

    def test_the_register_is_a_key_too(self):
        self.assertEqual(self.run_with([TOWN.receipt()], {"name": "Villa", "decision_key": PIN})[0], 0)

    def test_a_key_that_is_none_is_no_verdict(self):
        for key in ({}, [], None, "key", {**PIN, "crv": "P-384"}, {**PIN, "y": PIN["x"]}, {"decision_key": None}):
            code, lines, error = self.run_with([TOWN.receipt()], key)
            self.assertEqual((code, lines), (2, []), key)
            self.assertIn("key", error)

    def test_a_name_cannot_write_a_second_line(self):
        receipt = TOWN.receipt(enrolment=sorted_json(TOWN.enrolment(name="A\ngood     other.json")))
        code, lines, _ = self.run_with([receipt])
        self.assertEqual((code, len(lines)), (0, 1))

    def test_a_moment_beyond_the_calendar_breaks_nothing(self):
        code, lines, _ = self.run_with([said(at=verify.MOST)])
        self.assertEqual((code, len(lines)), (0, 1))


if __name__ == "__main__":
    unittest.main()
