"""The tactics that a project defines itself, told from the texts of its files."""

import re
from functools import lru_cache
from pathlib import Path

# A project with more modules than this below one file is judged by the nearest of them.
_MODULES = 300

_DEFINITION = re.compile(
    r"^[^\S\n]*(?:(?:scoped|local|@\[[^\]\n]*\]|private|public)\s+)*(?:macro|syntax|elab)\b([^\n]*)", re.M
)
_KEYWORD = re.compile(r'"\s*([^"\s]+)[^"]*"')
_IMPORT = re.compile(r"^(?:public\s+)?(?:meta\s+)?import\s+(?:all\s+)?([\w.«»]+)", re.MULTILINE)


def own_keywords(path: Path, text: str) -> frozenset[str]:
    """First keywords of the macros and syntax that the file's text and the project's modules above it define."""
    found = set(_keywords(text))
    seen: set[Path] = set()
    waiting = [(path, text)]
    while waiting and len(seen) < _MODULES:
        importer, source = waiting.pop(0)
        for name in _IMPORT.findall(source):
            module = _file(importer, name)
            if module is not None and module not in seen:
                seen.add(module)
                inside = _read(module, module.stat().st_mtime_ns)
                found.update(_keywords(inside))
                waiting.append((module, inside))
    return frozenset(found)


def _keywords(text: str) -> list[str]:
    return [word.group(1) for rest in _DEFINITION.findall(text) if (word := _KEYWORD.search(rest))]


def _file(importer: Path, name: str) -> Path | None:
    """The source of an imported module, if it stands in a folder above the importer's."""
    relative = Path(*name.replace("«", "").replace("»", "").split(".")).with_suffix(".lean")
    return next((folder / relative for folder in importer.parents if (folder / relative).is_file()), None)


@lru_cache(maxsize=_MODULES)
def _read(module: Path, _changed_ns: int) -> str:
    try:
        return module.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
