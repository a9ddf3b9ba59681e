"""What a workspace keeps of documents: readings whole, reviews for ever, differences between readings."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from read.gate.made import document
from zizhu.ledger.claims import Claim, Extractor, Link, Quantity, Review
from zizhu.read import kept
from zizhu.read.exchange import lines
from zizhu.read.gate.outcome import Admitted, Rejected
from zizhu.read.gate.selectors import selector
from zizhu.read.model import Dated, Document, Page, Span
from zizhu.store import Workspace
from zizhu.store.documents import Shelf
from zizhu.vocab.problems import ZizhuError

TEXT = "The ministry wants 40 mills by 2031.\r\nIt built 12 mills in 2024. Output rose 5%.\n"
NEWER = "Updated: The ministry wants 40 mills by 2031. It built 15 mills in 2024. Output rose 5%."
YES = Review(status="accepted", by="a reader", at="2026-01-02")
NO = Review(status="rejected", by="a reader", note="not so", changes={"speaker": None})


def _claim(
    doc: Document, quote: str, value: float | None = None, indicator: str = "mills", tag: str = ""
) -> Claim:
    start = doc.text.index(quote)
    span = Span(start, start + len(quote))
    said = f"{doc.id} {span} {indicator} {value} {tag}"
    return Claim(
        id=hashlib.sha256(said.encode()).hexdigest()[:16],
        kind="actual",
        modality="achieved",
        indicator=indicator,
        quantity=None if value is None else Quantity(value=value, unit="count:mill", as_written=str(value)),
        evidence=(selector(doc, span, "exact"),),
        extractor=Extractor(name="a person", version="1"),
    )


def _three(doc: Document, built: str) -> tuple[Claim, ...]:
    return (
        _claim(doc, "wants 40 mills", 40),
        _claim(doc, f"built {built} mills", float(built)),
        _claim(doc, "Output rose 5%", 5, "output"),
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "workspace")


OLD, NEW = document(TEXT), document(NEWER)
CLAIMS = _three(OLD, "12")


def test_a_reading_comes_back_as_it_was(workspace: Workspace) -> None:
    pages = (Page(1, Span(0, 38)), Page(2, Span(38, len(TEXT))))
    full = replace(
        document(TEXT, "zh", pages, name="../../etc/passwd"),
        publisher="<b>",
        title="A\0B",
        published=Dated("2025-03", "the head", 0.5),
        notes=("page 3 is a picture",),
    )
    claims = _three(full, "12")
    refused = (Rejected(reason="lost", words="not there", quote="\N{LINE SEPARATOR}"),)
    link = Link(a=claims[0].id, b=claims[1].id, type="different_scope", by="a rule")
    kept.keep(workspace, full, Admitted(claims, refused), [link])
    found = kept.load(workspace, full.id[:8])
    assert found == kept.Kept(full, claims, refused, (link,))
    assert [(h.id, h.name) for h in kept.heads(workspace)] == [(full.id, full.name)]
    assert sorted(p.name for p in (workspace.root / "documents").iterdir()) == [full.id, "names"]


def test_a_second_reading_takes_the_place_of_the_first(workspace: Workspace) -> None:
    first = kept.keep(workspace, OLD, Admitted(CLAIMS))
    assert (first.added, first.gone, first.same, first.before) == (CLAIMS, (), (), None)
    again = (*CLAIMS[:2], _claim(OLD, "Output rose 5%", 5, "production"))
    change = kept.keep(workspace, OLD, Admitted(again))
    assert (change.added, change.gone) == (again[2:], CLAIMS[2:])
    assert change.same == tuple((c.id, c) for c in CLAIMS[:2])
    assert change.before == OLD.id
    assert kept.load(workspace, OLD.id).claims == again


def test_the_last_review_of_a_claim_counts_and_a_reading_does_not_remove_it(workspace: Workspace) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    kept.review(workspace, OLD.id, CLAIMS[0].id, YES)
    reviewed = kept.review(workspace, OLD.id, CLAIMS[0].id, NO)
    assert reviewed.review == NO
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    assert [c.review for c in kept.load(workspace, OLD.id).claims] == [NO, None, None]
    assert len(Shelf.of(workspace, OLD.id).read(kept.REVIEWS).splitlines()) == 2


def test_a_review_moves_to_the_claim_with_the_same_words_and_number(workspace: Workspace) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    for claim, said in zip(CLAIMS, (YES, NO, YES), strict=True):
        kept.review(workspace, OLD.id, claim.id, said)
    renamed = (
        _claim(OLD, "wants 40 mills", 40, "steel_mills"),
        _claim(OLD, "built 12 mills", 12, tag="other id"),
    )
    kept.keep(workspace, OLD, Admitted(renamed))
    found = kept.load(workspace, OLD.id)
    assert [c.review for c in found.claims] == [YES, NO]
    assert found.moved == {c.id for c in renamed}
    assert [o.made_of.indicator for o in found.orphans] == ["output"]
    kept.review(workspace, OLD.id, renamed[0].id, NO)
    found = kept.load(workspace, OLD.id)
    assert [c.review for c in found.claims] == [NO, NO]
    assert found.moved == {renamed[1].id}


def test_a_review_with_two_heirs_is_an_orphan(workspace: Workspace) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    kept.review(workspace, OLD.id, CLAIMS[0].id, YES)
    twins = tuple(_claim(OLD, "wants 40 mills", 40, name) for name in ("mills_a", "mills_b"))
    kept.keep(workspace, OLD, Admitted(twins))
    found = kept.load(workspace, OLD.id)
    assert [c.review for c in found.claims] == [None, None]
    assert [o.review for o in found.orphans] == [YES]


def test_a_changed_document_takes_over_the_reviews_and_says_what_changed(workspace: Workspace) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    kept.review(workspace, OLD.id, CLAIMS[0].id, YES)
    kept.review(workspace, OLD.id, CLAIMS[1].id, NO)
    newer = _three(NEW, "15")
    for _ in range(2):
        change = kept.keep(workspace, NEW, Admitted(newer))
    assert change.before == NEW.id
    found = kept.load(workspace, NEW.id)
    assert [c.review for c in found.claims] == [YES, None, None]
    assert [(o.review, o.carried) for o in found.orphans] == [(NO, OLD.id)]
    assert [c.review for c in kept.load(workspace, OLD.id).claims] == [YES, NO, None]


def test_the_difference_between_two_versions_of_a_document(workspace: Workspace) -> None:
    kept.keep(workspace, document("Another.", name="another.txt"), Admitted(()))
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    newer = _three(NEW, "15")
    change = kept.keep(workspace, NEW, Admitted(newer))
    assert (change.added, change.gone, change.before) == (newer[1:2], CLAIMS[1:2], OLD.id)
    assert change.same == ((CLAIMS[0].id, newer[0]), (CLAIMS[2].id, newer[2]))


def test_reviews_are_carried_before_a_name_means_the_new_version(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    kept.review(workspace, OLD.id, CLAIMS[0].id, YES)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    later = Admitted(_three(NEW, "15"))
    with monkeypatch.context() as broken:
        broken.setattr(Shelf, "call", killed)
        with pytest.raises(KeyboardInterrupt):
            kept.keep(workspace, NEW, later)
    assert kept.latest(workspace, NEW.name) == OLD.id
    assert kept.keep(workspace, NEW, later).before == OLD.id
    assert kept.load(workspace, NEW.id).claims[0].review == YES


def test_claims_that_are_asked_for_come_without_the_others_but_with_the_reviewed(
    workspace: Workspace,
) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    (head,) = kept.heads(workspace)

    def found(words: str) -> list[str]:
        return [c.id for c in kept.without_text(workspace, head, lambda line: words in line).claims]

    assert found('"output"') == [CLAIMS[2].id]
    kept.review(workspace, OLD.id, CLAIMS[0].id, YES)
    assert found('"output"') == [CLAIMS[0].id, CLAIMS[2].id]
    assert found("nothing of it") == [CLAIMS[0].id]
    gone = _claim(document(f"{TEXT}Gone."), "wants 40 mills", 40)
    signed = kept.Signed(claim=gone.id, review=NO, made_of=gone)
    Shelf.of(workspace, OLD.id).add("reviews.jsonl", lines.written([signed]).rstrip("\n"))
    assert found("nothing of it") == [c.id for c in CLAIMS]


def test_a_torn_line_of_reviews_hides_no_other(workspace: Workspace) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    kept.review(workspace, OLD.id, CLAIMS[0].id, YES)
    log = workspace.root / "documents" / OLD.id / kept.REVIEWS
    log.write_bytes(log.read_bytes() + b'{"claim": "01')
    kept.review(workspace, OLD.id, CLAIMS[1].id, NO)
    found = kept.load(workspace, OLD.id)
    assert [c.review for c in found.claims] == [YES, NO, None]
    assert found.unreadable == 1


def test_a_document_can_be_removed(workspace: Workspace) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    kept.remove(workspace, OLD.id)
    assert kept.heads(workspace) == ()


@pytest.mark.parametrize("start", ["", "zz", "../..", "0" * 64])
def test_an_unknown_document_is_named(workspace: Workspace, start: str) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    with pytest.raises(ZizhuError, match="unknown document"):
        kept.load(workspace, start)


def test_an_unknown_claim_is_named(workspace: Workspace) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    with pytest.raises(ZizhuError, match="unknown claim"):
        kept.review(workspace, OLD.id, "0" * 16, YES)


@pytest.mark.parametrize("name", [kept.TEXT, kept.META, kept.CLAIMS, kept.REJECTED, kept.LINKS])
def test_a_damaged_file_is_told(workspace: Workspace, name: str) -> None:
    kept.keep(workspace, OLD, Admitted(CLAIMS))
    path = workspace.root / "documents" / OLD.id / name
    for damage in (b"\xff\xfe", b"{}x\n"):
        path.write_bytes(damage)
        with pytest.raises(ZizhuError, match=OLD.id):
            kept.load(workspace, OLD.id)


def test_an_id_that_is_none_is_no_path(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="not the id"):
        kept.keep(workspace, replace(OLD, id="../../x"), Admitted(()))
    with pytest.raises(ValueError, match="not a name"):
        Shelf.of(workspace, OLD.id).read("../x")
