"""Settings: one declaration, and every wrong value named at once."""

from pathlib import Path

import pytest

from ghostproof.config import Config, settings
from ghostproof.errors import BadInput


def test_a_nested_mapping_changes_only_what_it_names() -> None:
    config = Config().updated({"suggest": {"limit": 3}, "lsp": {"automatic": False, "debounce_s": 1}})
    assert config.suggest.limit == 3
    assert config.suggest.closers == Config().suggest.closers
    assert config.lsp.automatic is False
    assert config.lsp.debounce_s == 1.0
    assert isinstance(config.lsp.debounce_s, float)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sugest": {}}, "`sugest` is not a section"),
        ({"suggest": 3}, "`suggest` must be a table"),
        ({"suggest": {"limitt": 3}}, "`suggest.limitt` is not a setting"),
        ({"suggest": {"limit": "3"}}, "`suggest.limit` must be a whole number"),
        ({"suggest": {"limit": True}}, "`suggest.limit` must be a whole number"),
        ({"suggest": {"limit": 2.5}}, "`suggest.limit` must be a whole number"),
        ({"suggest": {"budget_s": 0}}, "`suggest.budget_s` must be at least 0.1"),
        ({"lsp": {"automatic": "yes"}}, "`lsp.automatic` must be true or false"),
        ({"lean": {"checker": "magic"}}, "`lean.checker` must be one of auto, probe, scratch"),
    ],
)
def test_bad_settings_are_named(changes: dict[str, object], says: str) -> None:
    with pytest.raises(BadInput, match="Bad settings") as caught:
        Config().updated(changes)
    assert says in caught.value.message


def test_several_problems_are_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        Config().updated({"a": {}, "suggest": {"limit": 0, "x": 1}})
    assert caught.value.message.count("`") == 6


def test_a_missing_user_file_means_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert Config.load() == Config()


def test_a_named_file_must_be_there_and_be_toml(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    with pytest.raises(BadInput, match="Cannot read the settings"):
        Config.load(file)
    file.write_text("[suggest\n", "utf-8")
    with pytest.raises(BadInput, match="Cannot read the settings"):
        Config.load(file)
    file.write_text("[suggest]\nlimit = 2\n", "utf-8")
    assert Config.load(file).suggest.limit == 2


def test_every_setting_is_documented_and_its_default_is_allowed() -> None:
    for setting in settings():
        assert setting.doc.endswith("."), setting.name
        section, name = setting.name.split(".")
        assert Config().updated({section: {name: setting.default}}) == Config()


def test_the_table_of_settings_is_what_is_declared() -> None:
    document = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    rows = []
    for setting in settings():
        default = str(setting.default).lower() if isinstance(setting.default, bool) else setting.default
        shown = f"`{default}`" if default != "" else "none"
        rows.append(f"| `{setting.name}` | {shown} | {setting.doc} |")
    assert [line for line in document.splitlines() if line.startswith("| `")] == rows
