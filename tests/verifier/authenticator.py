"""A town and its passkeys, to make receipts with: what the engine, the browser and the authenticator would write.

Separate from the tests, and with none of the verifier's own code: a mistake made twice would prove itself right.
"""

import base64
import hashlib
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

RP = "pregon.example"
ORIGIN = "https://pregon.example"
NOON = 1_795_000_000_000

ORGANISATION = "00000000000000000000000007"
MEMBER = "00000000000000000000000003"
OUTSIDE = "ana@agency.example"

#: Flags of authenticator data: present, verified, may be backed up, is backed up, brings a credential, extensions.
UP, UV, BE, BS, AT, ED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sorted_json(value):
    """Canonical JSON of what is written here: no exotic keys, no fractions."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def number(value, length):
    return b64(value.to_bytes(length, "big"))


class EcKey:
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())

    def jwk(self):
        point = self.key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": number(point.x, 32), "y": number(point.y, 32)}

    def sign(self, data):
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))

    def sign_raw(self, data):
        r, s = decode_dss_signature(self.sign(data))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Ed25519Key:
    def __init__(self):
        self.key = ed25519.Ed25519PrivateKey.generate()

    def jwk(self):
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(self.key.public_key().public_bytes_raw())}

    def sign(self, data):
        return self.key.sign(data)


class RsaKey:
    def __init__(self):
        self.key = rsa.generate_private_key(65537, 2048)

    def jwk(self):
        public = self.key.public_key().public_numbers()
        return {"kty": "RSA", "n": number(public.n, 256), "e": "AQAB"}

    def sign(self, data):
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class Town:
    """An organisation with its key and one enrolled passkey."""

    def __init__(self, passkey=None):
        self.key = EcKey()
        self.passkey = passkey or EcKey()
        self.credential = b64(hashlib.sha256(sorted_json(self.passkey.jwk()).encode()).digest()[:16])

    def enrolment(self, **changed):
        members = {
            "credential": self.credential,
            "public_key": self.passkey.jwk(),
            "organisation": ORGANISATION,
            "member": MEMBER,
            "name": "La secretaría, «núm. 1» \u2028 𝕊\ue000\t\"\\",
            "enrolled_at": NOON - 86_400_000,
            "how": "invitation",
            "confirmed_by": None,
            "rp": RP,
            "origin": ORIGIN,
        }
        return {**members, **changed}

    @staticmethod
    def statement(choice, **changed):
        comment = None
        if "comment" in choice:
            comment = hashlib.sha256(sorted_json([choice["comment"], choice.get("place")]).encode()).hexdigest()
        members = {
            "organisation": ORGANISATION,
            "post": "00000000000000000000000001",
            "round": 1,
            "circuit": "00000000000000000000000001",
            "version": 1,
            "step": "00000000000000000000000001",
            "content": hashlib.sha256(b"content").hexdigest(),
            "envelope": {"envelope": "times", "from": NOON, "until": NOON + 3_600_000},
            "decision": choice["decision"],
            "comment": comment,
            "at": NOON,
            "by": {"person": "member", "member": MEMBER},
            "role": "approver",
            "authority": None,
            "nonce": "0123456789abcdef0123456789abcdef",
        }
        return {**members, **changed}

    def receipt(self, choice=None, statement=None, enrolment=None, client=None, **how):
        """A receipt. `statement` and `enrolment` are texts, if not the usual ones; `client` changes client data."""
        choice = choice or {"decision": "approve"}
        statement = sorted_json(self.statement(choice)) if statement is None else statement
        enrolment = sorted_json(self.enrolment()) if enrolment is None else enrolment
        organisation = how.get("organisation", self.key)
        return {
            "format": "pregon/receipt/1",
            "statement": statement,
            "choice": choice,
            "assertion": self.assertion(statement, client, **how),
            "enrolment": enrolment,
            "enrolment_signature": b64(organisation.sign_raw(b"pregon/enrolment/1" + enrolment.encode())),
            "organisation_key": organisation.jwk(),
        }

    def series_receipt(self, choice=None, statement=None, enrolment=None, client=None, together=None, **how):
        """A receipt of one of several decisions under one signature. `together` is the list, if not the usual one."""
        choice = choice or {"decision": "approve"}
        statement = sorted_json(self.statement(choice)) if statement is None else statement
        own = hashlib.sha256(b"pregon/decision/1" + statement.encode()).hexdigest()
        others = [hashlib.sha256(bytes([number])).hexdigest() for number in range(3)]
        together = [others[0], own, *others[1:]] if together is None else together
        domain = how.pop("domain", b"pregon/decisions/1")
        challenge = hashlib.sha256(domain + sorted_json(together).encode()).digest()
        signed = self.receipt(choice, statement, enrolment, client, **{"challenge": challenge, **how})
        return {**signed, "format": "pregon/series-receipt/1", "together": together}

    @staticmethod
    def word(said, reason=None, **changed):
        """What is signed in an emergency."""
        members = {
            "organisation": ORGANISATION,
            "post": "00000000000000000000000001",
            "emergency": "00000000000000000000000004",
            "said": said,
            "content": hashlib.sha256(b"content").hexdigest(),
            "form": {"before": "one", "within": 86_400_000},
            "reason": None if reason is None else hashlib.sha256(sorted_json(reason).encode()).hexdigest(),
            "at": NOON,
            "by": MEMBER,
            "role": "author",
            "nonce": "0123456789abcdef0123456789abcdef",
        }
        return {**members, **changed}

    def word_receipt(self, said="ask", reason="Riada en la ribera.", statement=None, enrolment=None, client=None, **how):
        """A receipt of a word in an emergency."""
        statement = sorted_json(self.word(said, reason)) if statement is None else statement
        challenge = hashlib.sha256(how.pop("domain", b"pregon/emergency/1") + statement.encode()).digest()
        signed = self.receipt(None, statement, enrolment, client, **{"challenge": challenge, **how})
        del signed["choice"]
        return {**signed, "format": "pregon/emergency-receipt/1", "reason": reason}

    def assertion(self, statement, client=None, **how):
        challenge = how.get("challenge", hashlib.sha256(b"pregon/decision/1" + statement.encode()).digest())
        said = {"type": "webauthn.get", "challenge": b64(challenge), "origin": ORIGIN, "crossOrigin": False}
        said = {name: value for name, value in {**said, **(client or {})}.items() if value is not None}
        # As browsers write it: in their own order, not ours.
        written = how.get("client_bytes", json.dumps(said).encode())
        flags = how.get("flags", UP | UV)
        data = hashlib.sha256(how.get("rp", RP).encode()).digest() + bytes([flags]) + how.get("count", 0).to_bytes(4, "big")
        data += how.get("extensions", b"")
        signature = how.get("passkey", self.passkey).sign(data + hashlib.sha256(written).digest())
        return {
            "credential": how.get("credential", self.credential),
            "authenticator_data": b64(data),
            "client_data": b64(written),
            "signature": b64(signature),
        }

    def attestation(self, of, /, **changed):
        """What the organisation says of a confirmation by code."""
        by = json.loads(of)["by"]
        members = {
            "asked_at": NOON + 30_000,
            "confirmed_at": NOON + 90_000,
            "how": "mail_code",
            "mailbox": "s•••@town.example",
            "name": "La secretaría, «núm. 1»",
            "organisation": ORGANISATION,
            "origin": ORIGIN,
            "person": by,
            "rp": RP,
            "statement": hashlib.sha256(b"pregon/decision/1" + of.encode()).hexdigest(),
        }
        if by.get("person") == "outside":
            members.update(name=None, mailbox="a•••@agency.example")
        return {**members, **changed}

    def code_receipt(self, choice=None, statement=None, attestation=None, outside=False, **how):
        """A receipt over a code. `statement` and `attestation` are texts, if not the usual ones."""
        choice = choice or {"decision": "approve"}
        who = {"by": {"person": "outside", "mailbox": OUTSIDE}, "role": None} if outside else {}
        statement = sorted_json(self.statement(choice, **who)) if statement is None else statement
        attestation = sorted_json(self.attestation(statement)) if attestation is None else attestation
        organisation = how.get("organisation", self.key)
        prefix = how.get("prefix", b"pregon/attestation/1")
        return {
            "format": "pregon/code-receipt/1",
            "statement": statement,
            "choice": choice,
            "attestation": attestation,
            "attestation_signature": b64(organisation.sign_raw(prefix + attestation.encode())),
            "organisation_key": organisation.jwk(),
        }
