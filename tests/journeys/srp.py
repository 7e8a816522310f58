"""The client's side of USER_SRP_AUTH, as Cognito's own clients compute it: RFC 5054's 3072-bit group, SHA-256, HKDF."""
import base64
import datetime
import hashlib
import hmac
import secrets

N = int("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
        "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
        "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
        "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
        "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D"
        "B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
        "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF", 16)
G = 2


def padded(number):
    """Big-endian, with a zero byte where the first bit is set: as Java's BigInteger writes it."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def number_of(data):
    return int.from_bytes(hashlib.sha256(data).digest(), "big")


class Secret:
    """One sign-in: `public` goes out as SRP_A, and answer() makes the challenge's responses."""

    def __init__(self):
        self.private = secrets.randbits(1024)
        self.power = pow(G, self.private, N)
        self.public = f"{self.power:x}"

    def answer(self, pool, password, challenge):
        name, pool_name = challenge["USER_ID_FOR_SRP"], pool.split("_", 1)[1]
        theirs = int(challenge["SRP_B"], 16)
        mix = number_of(padded(self.power) + padded(theirs))
        identity = hashlib.sha256(f"{pool_name}{name}:{password}".encode()).digest()
        private_key = number_of(padded(int(challenge["SALT"], 16)) + identity)
        multiplier = number_of(padded(N) + padded(G))
        shared = pow(theirs - multiplier * pow(G, private_key, N), self.private + mix * private_key, N)
        extracted = hmac.digest(padded(mix), padded(shared), hashlib.sha256)
        key = hmac.digest(extracted, b"Caldera Derived Key\x01", hashlib.sha256)[:16]
        now = datetime.datetime.now(datetime.timezone.utc)
        timestamp = now.strftime(f"%a %b {now.day} %H:%M:%S UTC %Y")
        block = base64.b64decode(challenge["SECRET_BLOCK"])
        claim = hmac.digest(key, pool_name.encode() + name.encode() + block + timestamp.encode(), hashlib.sha256)
        return {"USERNAME": name, "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"], "TIMESTAMP": timestamp,
                "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(claim).decode()}
