"""Reading from documents to kept claims: what is read, what is told, and what stays when it is broken off."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zizhu.ledger.claims import Review
from zizhu.read import chosen, extractors, kept, reading
from zizhu.read.chosen import Asked
from zizhu.read.corrected import corrected
from zizhu.read.exchange.sheet import sheet
from zizhu.read.extractors import GROUP, fitting, register
from zizhu.read.model import Candidate, Context, Document
from zizhu.read.places import Means, Stated, Waiting, several, waiting
from zizhu.read.quantities import numbers
from zizhu.read.quoted import parsed, quoted, reference
from zizhu.read.reading import Reading, Session, Unread, claims_of
from zizhu.read.reviewing import FIELDS, Decision, corrections, decide
from zizhu.read.targets.views import targets_of
from zizhu.store import Workspace
from zizhu.vocab.problems import CannotAnswer, ZizhuError

KENYA = (
    "The Ministry of Industry of Kenya aims to raise the share of local parts in tractors to at least 45 percent by "
    "2031. Exports of tea rose 12 percent last year. The plan was published in Nairobi.\n"
)
PERU = "Peru plans to open 14 lithium plants by 2033. Output of copper fell by 3 percent in 2022.\n"
LONG = "".join(re.sub("45|12|Nairobi", f"{n}", KENYA) for n in range(100, 250))
CHINESE = "肯尼亚工业部计划到2031年把拖拉机国产零部件比重提高到45%以上。\n"
JAPANESE = "これは日本語で書かれた文章です。工場の数は十二から十五に増えました。\n"


@pytest.fixture(autouse=True)
def nothing_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extractors, "_ADDED", {})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "workspace")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "texts"
    place.mkdir()
    (place / "kenya.txt").write_text(KENYA)
    (place / "peru.html").write_text(f"<html lang='en'><body><article><p>{PERU}</p></article></body></html>")
    (place / "zh.txt").write_text(CHINESE)
    return place


@dataclass
class Proposing:
    """An extractor that proposes what a function makes of a document."""

    makes: Callable[[Document], Iterable[Any]]
    name: str = "ours"
    version: str = "3"
    seen: list[Context] = field(default_factory=list)

    def extract(self, document: Document, context: Context) -> Iterable[Candidate]:
        self.seen.append(context)
        return self.makes(document)


def first_number(document: Document) -> Iterator[Candidate]:
    """The sentence of the first number as a claim."""
    number = numbers(document.text, document.language)[0]
    quote = document.text.split(". ")[0] + "."
    yield Candidate(quote, "actual", "achieved", indicator="by_hand", number=number)


def altered(document: Document) -> Iterator[Candidate]:
    for made in first_number(document):
        assert made.number is not None
        assert made.number.value is not None
        yield replace(made, number=replace(made.number, value=made.number.value + 1))


def texts(*contents: str) -> list[Waiting]:
    from zizhu.read.documents.opened import opened

    return [
        Waiting(f"{i}.txt", lambda i=i, c=c: opened(c.encode(), f"{i}.txt", language="en"))  # type: ignore[misc]
        for i, c in enumerate(contents)
    ]


def only(outcome: Iterable[Reading | Unread]) -> Reading:
    (one,) = outcome
    assert isinstance(one, Reading)
    return one


def test_every_claim_of_a_folder_points_to_words_and_a_number_that_are_there(
    folder: Path, workspace: Workspace
) -> None:
    told: list[tuple[float, int]] = []
    done = list(reading.read([str(folder)], workspace, tell=lambda *said: told.append(said)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [Path(r.document.name).name for r in done if isinstance(r, Reading)] == [
        "kenya.txt",
        "peru.html",
        "zh.txt",
    ]
    values = set()
    for one in kept.heads(workspace):
        held = kept.load(workspace, one.id)
        for claim in held.claims:
            where = claim.evidence[0]
            assert held.document.text[where.position.start : where.position.end] == where.quote.exact
            if claim.quantity and where.value_position:
                span = slice(where.value_position.start, where.value_position.end)
                again = numbers(held.document.text[span], held.document.language)
                assert [n.value for n in again] == [claim.quantity.value]
                values.add(claim.quantity.value)
    assert {45.0, 12.0, 14.0, 3.0} <= values


def test_relative_dates_count_from_the_day_of_publication(folder: Path) -> None:
    place = str(folder / "kenya.txt")
    dated = only(reading.read([place], said=Stated(published="2025-06-01")))
    undated = only(reading.read([place]))
    resolved = {
        (t.edtf, t.resolved_against)
        for c in dated.admitted.claims
        for t in c.times
        if t.resolved_against is not None
    }
    assert resolved == {("2024", "2025-06-01")}
    assert not any(r.reason == "date" for r in dated.admitted.rejected)
    assert all(t.resolved_against is None for c in undated.admitted.claims for t in c.times)


def test_a_document_that_cannot_be_read_is_told_and_the_next_is_read(
    folder: Path, workspace: Workspace
) -> None:
    (folder / "aaa.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(60))
    (folder / "ja.txt").write_text(JAPANESE * 9)
    done = list(reading.read([str(folder)], workspace))
    unread = {Path(u.name).name: u.error for u in done if isinstance(u, Unread)}
    assert set(unread) == {"aaa.png", "ja.txt"}
    assert isinstance(unread["ja.txt"], CannotAnswer)
    assert "'ja'" in unread["ja.txt"].problems[0].what
    assert len(kept.heads(workspace)) == 3


def test_the_language_that_is_stated_is_believed(tmp_path: Path) -> None:
    (tmp_path / "ja.txt").write_text(JAPANESE * 9)
    read = only(reading.read([str(tmp_path / "ja.txt")], said=Stated(language="zh")))
    assert read.document.language == "zh"


def test_reading_again_says_what_changed_and_reviews_stay(folder: Path, workspace: Workspace) -> None:
    place = [str(folder / "kenya.txt")]
    first = only(reading.read(place, workspace))
    assert first.change is not None
    assert first.change.before is None
    reviewed = first.admitted.claims[0]
    kept.review(workspace, first.document.id, reviewed.id, Review(status="accepted", by="a reader"))
    again = only(reading.read(place, workspace))
    assert again.change is not None
    assert (again.change.added, again.change.gone) == ((), ())
    (folder / "kenya.txt").write_text(KENYA + "Kenya built 7 mills in 2023.\n")
    later = only(reading.read(place, workspace))
    assert later.change is not None
    assert later.change.before == first.document.id
    assert later.change.gone == ()
    assert {c.quantity.value for c in later.change.added if c.quantity} == {7.0}
    found = chosen.claim(workspace, later.change.same[0][1].id)
    assert {chosen.status(c) for c in found.kept.claims} == {"accepted", "open"}
    assert chosen.document(workspace, "kenya.txt").id == later.document.id
    for start in ("ken", "k", later.document.id[:4]):
        assert chosen.document(workspace, start).id == later.document.id


def test_a_copy_is_read_once_and_told_with_what_is_nearly_alike() -> None:
    long = " ".join(f"In {1950 + i} the province of Cusco built {i + 3} bridges." for i in range(40))
    session = Session()
    done = list(session.read(texts(long, PERU, long, f"Reprint. {long}")))
    assert [d.document.name for d in done if isinstance(d, Reading)] == ["0.txt", "1.txt", "3.txt"]
    assert [(a.name, a.of, a.how) for a in session.alike()] == [
        ("2.txt", "0.txt", "bytes"),
        ("3.txt", "0.txt", "near"),
    ]


def test_what_is_done_stays_and_the_document_under_way_leaves_nothing(workspace: Workspace) -> None:
    def makes(document: Document) -> Iterator[Candidate]:
        yield from first_number(document)
        if "Peru" in document.text:
            raise KeyboardInterrupt

    register(Proposing(makes))
    three = texts(KENYA, KENYA.replace("Kenya", "Chad"), PERU)
    with pytest.raises(KeyboardInterrupt):
        list(Session(workspace, ["ours"]).read(three))
    assert [h.name for h in kept.heads(workspace)] == ["0.txt", "1.txt"]
    assert not [p for p in workspace.root.rglob("*") if p.name.startswith(".tmp-")]
    peru = hashlib.sha256(PERU.encode()).hexdigest()
    assert not (workspace.root / "documents" / peru).exists()


def test_a_workspace_that_cannot_be_written_ends_the_reading(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zizhu.store.files.staging_folder", full)
    with pytest.raises(ZizhuError, match="No space left"):
        list(Session(workspace).read(texts(KENYA, PERU)))
    assert kept.heads(workspace) == ()


def test_an_extractor_of_a_program_is_used_by_name_and_passes_the_same_gate() -> None:
    good, bad = Proposing(first_number), Proposing(altered, "wrong")
    register(good)
    register(bad, ["en"])
    (document,) = [w.opened() for w in texts(PERU)]
    assert {e.name for e in fitting(document)} == {"zizhu-rules-en"}
    found = claims_of(document, fitting(document, ["ours", "wrong"]))
    assert [(c.indicator, c.quantity and c.quantity.value) for c in found.claims] == [("by_hand", 14.0)]
    assert found.claims[0].extractor.version == "3"
    assert [(r.reason, r.extractor) for r in found.rejected] == [("value", "wrong")]
    assert good.seen == [Context(anchor=None)]


def test_the_extractor_of_the_documentation_works() -> None:
    guide = Path(__file__).resolve().parents[2] / "docs" / "reading.md"
    (first, *_) = re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    exec(first, {"__name__": "documentation"})
    (document,) = [w.opened() for w in texts("Notice.\nTender: road works in Cusco.\n")]
    (made,) = claims_of(document, fitting(document, ["tenders"])).claims
    assert (made.kind, made.evidence[0].quote.exact) == ("policy_event", "Tender: road works in Cusco.")


def test_two_extractors_that_say_the_same_make_one_claim_and_a_twin_is_refused() -> None:
    def other(document: Document) -> Iterator[Candidate]:
        yield from (replace(c, speaker="a minister") for c in first_number(document))

    for one in (Proposing(first_number), Proposing(first_number, "again"), Proposing(other, "other")):
        register(one)
    (document,) = [w.opened() for w in texts(PERU)]
    found = claims_of(document, fitting(document, ["ours", "again", "other"]))
    assert [c.extractor.name for c in found.claims] == ["ours"]
    assert [(r.reason, r.extractor) for r in found.rejected] == [("twin", "other")]


@pytest.mark.parametrize(
    ("makes", "said"),
    [
        (lambda _: 1 / 0, "ZeroDivisionError"),  # type: ignore[misc]
        (lambda _: [{"quote": "14 lithium plants"}], "dict is no Candidate"),
        (lambda _: 7, "not iterable"),
    ],
    ids=["raises", "no candidates", "nothing to go through"],
)
def test_an_extractor_that_fails_is_named(makes: Callable[[Document], Any], said: str) -> None:
    register(Proposing(makes))
    (outcome,) = Session(extractors=["ours"]).read(texts(PERU))
    assert isinstance(outcome, Unread)
    assert "the extractor ours 3 failed" in outcome.error.problems[0].what
    assert said in outcome.error.problems[0].what


def test_what_is_no_extractor_or_not_known_is_refused() -> None:
    with pytest.raises(ZizhuError, match="is no extractor"):
        register(object())  # type: ignore[arg-type]
    with pytest.raises(ZizhuError) as caught:
        Session(extractors=["zizhu-rules-em", "nobody"])
    assert len(caught.value.problems) == 2
    assert "zizhu-rules-en" in caught.value.problems[0].remedy


def test_extractors_of_packages_are_found_and_broken_ones_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Entry:
        name, value, dist = "mine", "mine:extractor", None

        def load(self) -> object:
            made = Proposing(first_number, "mine")
            made.languages = ("en",)  # type: ignore[attr-defined]
            return made

    class Broken(Entry):
        def load(self) -> object:
            raise ImportError("no module named mine")

    asked: list[str] = []

    def points(entry: type[Entry]) -> Callable[..., list[Entry]]:
        def entry_points(*, group: str) -> list[Entry]:
            asked.append(group)
            return [entry()]

        return entry_points

    for entry in (Entry, Broken):
        extractors._installed.cache_clear()
        monkeypatch.setattr("zizhu.read.extractors.metadata.entry_points", points(entry))
        if entry is Entry:
            known = extractors.known()
            assert (known["mine"].languages, known["mine"].usual) == (("en",), False)
        else:
            with pytest.raises(ZizhuError, match=f"'mine' of {GROUP}"):
                extractors.known()
    assert asked == [GROUP, GROUP]
    extractors._installed.cache_clear()


def test_all_faults_of_what_is_asked_for_are_told_at_once(folder: Path) -> None:
    places = [str(folder), str(folder / "none.txt"), "https://example.org/a", "-", "\0"]
    said = Stated(language="english", published="sometime", title="A title")
    with pytest.raises(ZizhuError) as caught:
        waiting(places, said)
    told = " | ".join(map(str, caught.value.problems))
    for part in ("'english'", "'sometime'", "none.txt", "https://example.org/a", "--title", "no path"):
        assert part in told


def test_places_are_opened_when_their_turn_comes(folder: Path) -> None:
    asked: list[str] = []

    class Arrived:
        path, url_without_secrets = folder / "kenya.txt", "https://example.org/kenya?key=***"

    def download(url: str, _folder: Path, /) -> Arrived:
        asked.append(url)
        return Arrived()

    means = Means(download, lambda: PERU.encode())
    found = waiting(
        ["https://example.org/kenya?key=abc123", "-", str(folder), str(folder / "zh.txt")], None, means
    )
    assert asked == []
    assert len(found) == 5
    assert found[0].opened().name == "https://example.org/kenya?key=***"
    pasted = hashlib.sha256(PERU.encode()).hexdigest()[:12]
    assert found[1].opened().name == f"pasted text {pasted}"
    assert several([str(folder)])
    assert not several([str(folder / "zh.txt")])


def test_the_sentence_of_a_claim_holds_its_quote_and_its_reference_leads_back() -> None:
    (document,) = [w.opened() for w in texts(KENYA)]
    for claim in claims_of(document, fitting(document)).claims:
        found = quoted(document.text, claim)
        sentence = document.text[slice(*found.sentence)]
        assert claim.evidence[0].quote.exact in sentence
        assert sentence.strip() == sentence
        assert sentence[-1] == "."
        where = parsed(reference(claim).removeprefix("doc:"))
        assert where == (document.id, found.marked)


@pytest.mark.parametrize(
    "rest", ["", "ab#1-2", "abcd", "abcd#2-2", "abcd#3-2", "abcd#-1-2", "ABCD#1-2", "abcd#1-2x"]
)
def test_a_reference_that_names_nothing_is_refused(rest: str) -> None:
    with pytest.raises(ZizhuError, match="cannot read"):
        parsed(rest)


def test_claims_are_chosen_by_what_they_say(folder: Path, workspace: Workspace) -> None:
    list(reading.read([str(folder)], workspace))

    def values(said: str = "", **asked: Any) -> set[float | None]:
        found = chosen.chosen(workspace, Asked(numbers=True, **asked), said)
        return {f.claim.quantity.value for f in found if f.claim.quantity}

    every = values()
    assert values("peru.html") == {14.0, 3.0}
    assert values(words="TEA") == {12.0}
    assert values(kind="target") | values(kind="actual") <= every
    assert values(status="accepted") == set()
    assert values(status="open") == every
    with pytest.raises(ZizhuError, match="unknown kind 'tarket'"):
        Asked(kind="tarket")
    with pytest.raises(ZizhuError, match=r"unknown document 'cuba\.txt'"):
        values("cuba.txt")


def test_a_correction_stands_beside_what_was_read(folder: Path, workspace: Workspace) -> None:
    read = only(reading.read([str(folder / "kenya.txt")], workspace))
    target = next(c for c in read.admitted.claims if c.quantity and c.quantity.value == 45)
    noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    found = chosen.claim(workspace, target.id[:9])
    decide(workspace, found, "correct", ["value = 40", "times=deadline 2030, baseline 2020", "plans="],
           by="a reader", note="table 3", now=lambda: noon)  # fmt: skip
    held = chosen.claim(workspace, target.id).claim
    assert held.quantity == target.quantity
    assert held.review == Review(
        status="edited",
        by="a reader",
        at="2026-01-02T12:00:00+00:00",
        note="table 3",
        changes={"value": "40.0", "times": ["deadline 2030", "baseline 2020"], "plans": []},
    )
    with pytest.raises(ZizhuError, match="a correction of nothing"):
        decide(workspace, found, "correct")
    with pytest.raises(ZizhuError, match="accept with corrections"):
        decide(workspace, found, "accept", ["value=1"])


def test_a_role_corrects_its_own_times_and_a_second_correction_adds_to_the_first(
    folder: Path, workspace: Workspace
) -> None:
    read = only(reading.read([str(folder / "kenya.txt")], workspace))
    target = next(c for c in read.admitted.claims if c.quantity and c.quantity.value == 45)
    others = [f"{t.role} {t.edtf}" for t in target.times if t.role != "deadline"]
    decide(workspace, chosen.claim(workspace, target.id), "correct", ["value=40", "baseline=2019"])
    decide(workspace, chosen.claim(workspace, target.id), "correct", ["deadline=2031"])
    review = chosen.claim(workspace, target.id).claim.review
    assert review is not None
    assert review.changes["value"] == "40.0"
    assert review.changes["times"] == [*others, "baseline 2019", "deadline 2031"]
    held = chosen.claim(workspace, target.id).claim
    assert "deadline 2031" in sheet([held]).splitlines()[1]
    assert any("value=40.0" in told and "written" in told for v in targets_of([held]) for told in v.corrected)
    with pytest.raises(ZizhuError, match="'soon' is no period"):
        decide(workspace, chosen.claim(workspace, target.id), "correct", ["deadline=soon"])


def test_to_accept_a_corrected_claim_is_to_accept_it_as_corrected(folder: Path, workspace: Workspace) -> None:
    read = only(reading.read([str(folder / "kenya.txt")], workspace))
    target = next(c for c in read.admitted.claims if c.quantity and c.quantity.value == 45)

    def value(decision: Decision, *changes: str) -> float | None:
        decide(workspace, chosen.claim(workspace, target.id), decision, changes)
        counted = corrected(chosen.claim(workspace, target.id).claim)
        return None if counted is None or counted.quantity is None else counted.quantity.value

    assert value("correct", "value=50") == 50
    assert value("accept") == 50
    assert value("reject") is None
    assert value("accept") == 45


def test_a_name_that_is_empty_is_no_folder_and_what_is_kept_is_no_document(folder: Path) -> None:
    with pytest.raises(ZizhuError, match="no path"):
        list(reading.read([""]))
    inside = Workspace(folder / "ws")
    first = [r.document.id for r in reading.read([str(folder)], inside) if isinstance(r, Reading)]
    again = [r.document.id for r in reading.read([str(folder)], inside) if isinstance(r, Reading)]
    assert first == again


def test_all_faults_of_a_correction_are_told() -> None:
    wrong = [
        "value=many",
        "kind=tarket",
        "subject",
        "colour=red",
        "times=deadline someday",
        "times=end 2030",
        "low=nan",
    ]
    with pytest.raises(ZizhuError) as caught:
        corrections(wrong)
    assert len(caught.value.problems) == len(wrong)
    assert corrections([f"{name}=" for name in FIELDS]).keys() == set(FIELDS)


def test_a_long_document_tells_on_the_way_how_far_it_is() -> None:
    told: list[tuple[float, int]] = []
    documents = texts("A short one. " + KENYA, LONG)
    assert len(list(Session().read(documents, lambda *said: told.append(said)))) == 2
    parts = [done for done, of in told if of == 2]
    assert parts == sorted(parts)
    assert len({round(part, 3) for part in parts if 1 < part < 2}) >= 5
    assert (parts[0], parts[-1]) == (0, 2)


def test_a_document_that_is_stopped_on_the_way_leaves_nothing(workspace: Workspace) -> None:
    def stopped(done: float, _: int) -> None:
        if done > 1.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(Session(workspace).read(texts(PERU, LONG), stopped))
    assert len(kept.heads(workspace)) == 1


def test_fields_go_by_the_names_of_their_columns_too() -> None:
    assert corrections(["plan=EU-CHIPS", "sector=steel, cement"]) == {
        "plans": ["EU-CHIPS"],
        "sectors": ["steel", "cement"],
    }
