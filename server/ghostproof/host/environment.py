"""Which variables of the environment are secrets, by their names and by what they hold.

A program that has no use for them is not given them.
"""

import re
from collections.abc import Mapping

_WORDS = {
    *("KEY", "KEYS", "TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PAT"),
    *("CREDENTIAL", "CREDENTIALS", "CREDS", "AUTH", "COOKIE", "COOKIES", "DSN", "NETRC", "KUBECONFIG", "PGPASSFILE"),
}
_ENDINGS = ("KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIALS", "PASSPHRASE")
# Doors to agents and services of the user, and whole families of which nothing is needed.
_FAMILIES = ("AWS_", "AZURE_", "GCP_", "GOOGLE_", "GH_", "GITHUB_", "GITLAB_", "SSH_", "GPG_", "DBUS_", "VAULT_")
_LOGIN_IN_ADDRESS = re.compile(r"[a-z]://[^/\s@]+:[^/\s@]*@", re.IGNORECASE)


def is_secret(name: str, value: str) -> bool:
    """Whether a variable looks as if it let somebody in somewhere."""
    upper = name.upper()
    words = upper.split("_")
    return (
        not _WORDS.isdisjoint(words)
        or any(word.endswith(_ENDINGS) for word in words)
        or (len(words) > 1 and words[-1] == "PWD")  # MYSQL_PWD; PWD alone is a folder
        or upper.startswith(_FAMILIES)
        or _LOGIN_IN_ADDRESS.search(value) is not None
    )


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """A copy of an environment without what looks like a secret."""
    return {name: value for name, value in environment.items() if not is_secret(name, value)}
