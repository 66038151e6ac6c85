"""Bad values of the environment: each is told in the language of the installation, and no secret with it."""

from __future__ import annotations

import pytest

from jishi.project import environment

BAD = {
    "JISHI_DEMO": ("perhaps", "must be true or false", "须为 true 或 false"),
    "JISHI_SESSION_HOURS": ("0", "must be 1 or more", "不得小于 1"),
    "JISHI_STREAM_PORT": ("70000", "must be 65535 or less", "不得大于 65535"),
    "JISHI_TIME_ZONE": ("Mars", "is not a time zone", "不是时区"),
    "JISHI_WMTS": ("https://tiles.example.org/", "{z}, {x} and {y}", "{z}、{x} 和 {y}"),
    "JISHI_WEBHOOK_PRIVATE": ("ten", "must be networks such as 10.1.0.0/16", "须为网段，如 10.1.0.0/16"),
    "JISHI_DATABASE_URL": ("mysql://u:word-9@h/n", "must begin with postgres://", "须以 postgres://"),
    "JISHI_DATA_DIR": ("/dev/null/data", "cannot be made: ", "无法创建："),
    "JISHI_SECRET_KEY": ("short-key-9", "must have 50 characters or more", "须有 50 个以上字符"),
    "JISHI_METRICS_TOKEN": ("short-token-9", "must have 20 characters or more", "须有 20 个以上字符"),
}


@pytest.mark.parametrize("language", ["en", "zh-hans", ""])
def test_each_bad_value_is_told_with_its_name_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    monkeypatch.delenv("JISHI_LANGUAGE", raising=False)
    if language:
        monkeypatch.setenv("JISHI_LANGUAGE", language)
    for name, (value, _english, _chinese) in BAD.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        environment.read()
    assert ended.value.code == 2
    lines = {line.split(" = ")[0]: line for line in capsys.readouterr().err.splitlines()}
    assert lines.keys() == BAD.keys()
    for name, line in lines.items():
        _value, english, chinese = BAD[name]
        assert (english if language == "en" else chinese) in line
        assert line.endswith("." if language == "en" else "。")
    assert not any(secret in "".join(lines.values()) for secret in ("word-9", "short-key-9", "short-token-9"))


def test_a_language_that_there_is_not_is_told_with_those_that_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JISHI_LANGUAGE", "fr")
    with pytest.raises(SystemExit):
        environment.read()
    assert capsys.readouterr().err == "JISHI_LANGUAGE = 'fr'：须为下列之一：'zh-hans', 'en'。\n"


@pytest.mark.parametrize("asked", ["five", "-1", "5.5", "9999999"])
def test_a_word_for_how_to_prepare_that_is_none_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    monkeypatch.setenv("JISHI_DATABASE_URL", f"postgres://u:word-9@h/n?prepare_threshold={asked}")
    with pytest.raises(SystemExit):
        environment.read()
    said = capsys.readouterr().err
    assert "prepare_threshold 须为 none 或数字" in said
    assert "word-9" not in said


@pytest.mark.parametrize(
    ("query", "prepared"), [("", 5), ("?prepare_threshold=none", None), ("?prepare_threshold=9", 9)]
)
def test_statements_are_prepared_unless_a_pooler_cannot_bear_it(
    monkeypatch: pytest.MonkeyPatch, query: str, prepared: int | None
) -> None:
    monkeypatch.setenv("JISHI_DATABASE_URL", f"postgres://u:w@h/n{query}")
    options = environment.read().database()["OPTIONS"]
    assert options == {"server_side_binding": True, "prepare_threshold": prepared}
