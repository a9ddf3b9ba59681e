"""What the environment may say of a service, and that no fault repeats it."""

from __future__ import annotations

import pytest

from zizhu.read.llm import Settings, settings
from zizhu.vocab.problems import ZizhuError

URL, MODEL, KEY = "ZIZHU_LLM_URL", "ZIZHU_LLM_MODEL", "ZIZHU_LLM_KEY"


@pytest.mark.parametrize("environ", [{}, {URL: ""}, {URL: " "}, {MODEL: "m", KEY: "k"}], ids=range(4))
def test_off_unless_a_service_is_named(environ: dict[str, str]) -> None:
    assert settings(environ) is None


def test_all_that_can_be_said() -> None:
    said = settings(
        {
            URL: " https://host.example/v1/ ",
            MODEL: "m",
            KEY: "k-1",
            "ZIZHU_LLM_WINDOWS": "7",
            "ZIZHU_LLM_TOKENS": "9",
        }
    )
    assert said == Settings("https://host.example/v1/", "m", "k-1", windows=7, tokens=9)
    assert "k-1" not in repr(said)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://localhost:8000/v1", "http://localhost:8000/v1/chat/completions"),
        ("http://localhost:8000/v1/", "http://localhost:8000/v1/chat/completions"),
        ("https://a.example/v1/chat/completions", "https://a.example/v1/chat/completions"),
        ("https://a.example/b?api-version=3", "https://a.example/b/chat/completions?api-version=3"),
        ("https://a.example", "https://a.example/chat/completions"),
    ],
)
def test_endpoint(url: str, endpoint: str) -> None:
    assert Settings(url, "m").endpoint == endpoint


@pytest.mark.parametrize(
    "environ",
    [
        {URL: "ftp://sekret-7/v1", MODEL: "m"},
        {URL: "sekret-7", MODEL: "m"},
        {URL: "https://me:sekret-7@host/v1", MODEL: "m"},
        {URL: "https://[sekret-7/v1", MODEL: "m"},
        {URL: "https://host/v1", KEY: "sekret-7"},
        {URL: "https://host/v1", MODEL: "m", KEY: "sekret-7 and more"},
        {URL: "https://host/v1", MODEL: "m", KEY: "sekret-7\nHost: x"},
        {URL: "https://host/v1", MODEL: "m", KEY: "sekret-7é"},
        {URL: "https://host/v1", MODEL: "m", "ZIZHU_LLM_TOKENS": "sekret-7"},
        {URL: "https://host/v1", MODEL: "m", "ZIZHU_LLM_TOKENS": "-1"},
        {URL: "https://host/v1", MODEL: "m", "ZIZHU_LLM_WINDOWS": "0"},
        {URL: "https://host/v1", MODEL: "m", "ZIZHU_LLM_WINDOWS": "9" * 5000},
    ],
    ids=range(12),
)
def test_faults_are_said_without_what_was_said(environ: dict[str, str]) -> None:
    with pytest.raises(ZizhuError) as error:
        settings(environ)
    assert "sekret" not in str(error.value)


def test_all_faults_at_once() -> None:
    with pytest.raises(ZizhuError) as error:
        settings({URL: "x", KEY: "a b", "ZIZHU_LLM_TOKENS": "many"})
    assert len(error.value.problems) == 4
