"""The versions of what the server depends on, as they are installed here, where the project's tests ran with them."""

import re
from importlib.metadata import PackageNotFoundError, distribution


def closure(name: str, known: dict[str, str]) -> dict[str, str]:
    """`known` with a distribution and all that it needs here, without extras."""
    try:
        found = distribution(name)
    except PackageNotFoundError:  # needed on other systems only
        return known
    known[found.metadata["Name"].lower()] = found.version
    for requirement in found.requires or ():
        needed = re.match(r"[\w.-]+", requirement)
        if needed and "extra ==" not in requirement and needed[0].lower() not in known:
            closure(needed[0], known)
    return known


if __name__ == "__main__":
    pins = closure("ghostproof", {})
    del pins["ghostproof"]
    print("\n".join(f"{name}=={version}" for name, version in sorted(pins.items())))
