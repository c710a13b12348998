"""A tokenizer with one token for each byte of UTF-8, and one for the end."""

import codecs

EOS = 256


class ByteDecoder:
    def __init__(self) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: int) -> str:
        return self._utf8.decode(bytes([token])) if token < EOS else ""


class ByteTokens:
    """Implements `contract.Tokens`."""

    eos = frozenset({EOS})
    newlines = frozenset({ord("\n"), ord("\r")})
    size = EOS + 1

    def encode(self, text: str, document: str = "") -> list[int]:
        return list(text.encode())

    def decoder(self) -> ByteDecoder:
        return ByteDecoder()
