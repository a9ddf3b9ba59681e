"""Reprints and versions of one text."""

from __future__ import annotations

import random

import pytest
from document_files import SENTENCES

from zizhu.read.documents.opened import opened
from zizhu.read.documents.similar import Like, shingles, similar
from zizhu.read.model import Document


def story(seed: int, words: int = 400) -> list[str]:
    known = sorted({w for s in SENTENCES for w in s.split()})
    return random.Random(seed).choices(known, k=words)


def document(words: list[str], sign: str = " ") -> Document:
    return opened(sign.join(words).encode(), "a.txt")


def test_the_same_bytes_the_same_text_and_a_reprint() -> None:
    one, other = story(1), story(2)
    reprint = ["seen", "first", "in", "the", "Gazette", *one[:380]]
    given = [
        document(one),
        document(other),
        document(one),
        opened(("\ufeff" + " ".join(one)).encode("utf-16-le"), "a.txt"),
        document(reprint),
    ]
    (group,) = similar(given)
    assert group.first == 0
    assert group.others[0] == Like(2, "bytes", 1.0)
    assert [like.place for like in group.others] == [2, 3, 4]
    assert 0.85 < group.others[2].similarity < 1


def test_similarity_is_the_share_of_common_runs_of_words() -> None:
    words = story(3, 104)
    (group,) = similar([document(words), document(words[:54])], least=0.3)
    one, two = shingles(" ".join(words)), shingles(" ".join(words[:54]))
    assert group.others[0].similarity == pytest.approx(
        len(set(two.tolist())) / len(set(one.tolist())), abs=1e-4
    )


def test_chinese_is_compared_by_characters() -> None:
    text = "巴西矿业部门表示到二〇三一年将支持四座镍冶炼厂各州政府应当加大对企业技术创新的投入"
    (group,) = similar([opened(text.encode(), "a"), opened(f"{text}。完".encode(), "b")])
    runs = {text[n : n + 5] for n in range(len(text) - 4)}
    assert group.others[0].similarity == pytest.approx(len(runs) / (len(runs) + 1), abs=1e-4)


def test_documents_that_are_not_alike_are_in_no_group() -> None:
    assert similar([document(story(n)) for n in range(20)]) == ()
    assert similar([]) == ()


@pytest.mark.slow
def test_a_thousand_documents_fall_into_their_groups() -> None:
    given = []
    for n in range(250):
        words = story(n, 300)
        given += [words, [*words, "again"], words[5:], [*words[:150], "new", *words[150:]]]
    groups = similar([document(words) for words in given])
    assert [g.first for g in groups] == list(range(0, 1000, 4))
    assert all([like.place for like in g.others] == [g.first + 1, g.first + 2, g.first + 3] for g in groups)
