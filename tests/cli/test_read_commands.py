"""`zizhu read`, `claims` and `phrases` as people use them: files in, claims kept, reviewed, exported and opened."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.running import ZIZHU, environment, files_in, run, within
from sources.serving import Answer, serving
from zizhu.ledger.claims import Claim
from zizhu.read.exchange.annotations import read_page
from zizhu.read.exchange.lines import records

PATIENCE = 5.0
"""Seconds after which a key that nothing answered is pressed again."""
KENYA = (
    "Published: 4 March 2025\n\nThe Ministry of Industry of Kenya aims to raise the share of local parts in tractors "
    "to at least 45 percent by 2031. Exports of tea rose 12 percent last year. The plan was published in Nairobi.\n"
)
PERU = "Peru plans to open 14 lithium plants by 2033. Output of copper fell by 3 percent in 2022.\n"
HOSTILE = "Peru plans to open 15 \x1b[31mlithium\x1b[0m [red]plants[/red] \u202eby 2033.\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "kenya.txt").write_text(KENYA)
    (texts / "peru.txt").write_text(PERU)
    return tmp_path


def claims(place: Path, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(within("claims", "list", "--json", *options, place=place).stdout)
    return found


def numbered(place: Path, value: float) -> dict[str, Any]:
    return next(c for c in claims(place, "--numbers") if c["quantity"].get("value") == value)


def test_a_document_is_summed_up_with_its_numbers_in_their_sentences(place: Path) -> None:
    said = within("read", "texts/kenya.txt", place=place).stdout
    assert "kenya.txt" in said
    assert "en; published 2025-03-04 (line 'Published: 4 March 2025')" in said
    assert "2 with a number" in said
    assert "in tractors to >>at least 45 percent<< by 2031." in said
    assert "Exports of tea rose >>12 percent<< last year." in said
    ref = said[said.index("doc:") :].split()[0]
    opened = within("trace", ref, place=place).stdout
    assert ">>at least 45 percent<<" in opened
    assert "= 45 (percent)" in opened
    assert "published: 2025-03-04" in opened
    again = within("read", "texts/kenya.txt", place=place).stdout
    assert "Read before: 0 new, 0 gone," in again


def test_a_folder_has_a_summary_for_each_document_and_bad_ones_are_told(place: Path) -> None:
    (place / "texts" / "empty.txt").write_text("")
    (place / "texts" / "copy.txt").write_text(PERU)
    done = within("read", "texts", place=place, expect=2)
    assert [line.split()[0] for line in done.stdout.splitlines() if "; " in line and line[0] != " "] == [
        "copy.txt",
        "kenya.txt",
    ]
    assert "peru.txt is the same file as copy.txt." in done.stdout
    assert ">>" not in done.stdout
    assert "an empty file" in done.stderr
    listed = json.loads(within("claims", "documents", "list", "--json", place=place).stdout)
    assert [Path(d["name"]).name for d in listed] == ["copy.txt", "kenya.txt"]


def test_json_has_all_of_it(place: Path) -> None:
    (place / "texts" / "ja.txt").write_text("これは日本語で書かれた文章です。工場の数は増えました。" * 5)
    done = within("read", "texts", "--json", place=place, expect=3)
    told = json.loads(done.stdout)
    assert [Path(d["name"]).name for d in told["documents"]] == ["kenya.txt", "peru.txt"]
    kenya = told["documents"][0]
    assert kenya["published"] == {
        "edtf": "2025-03-04",
        "evidence": "line 'Published: 4 March 2025'",
        "confidence": kenya["published"]["confidence"],
    }
    assert kenya["change"]["before"] is None
    assert sorted(kenya["change"]["added"]) == sorted(c["id"] for c in kenya["claims"])
    first = kenya["claims"][0]
    where = first["evidence"][0]["position"]
    assert KENYA[where["start"] : where["end"]] == first["evidence"][0]["quote"]["exact"]
    assert [p["what"] for p in told["problems"]] == ["its language is 'ja'"]


def test_a_dry_run_keeps_nothing(place: Path) -> None:
    said = within("read", "texts/peru.txt", "--dry-run", place=place).stdout
    assert ">>14 lithium plants<<" in said
    assert not (place / "ws").exists()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["read", "none.txt", "gone.txt"], ["none.txt", "gone.txt"]),
        (["read", "texts", "--title", "T", "--published", "soon"], ["--title with several", "'soon'"]),
        (["read", "texts/peru.txt", "--extractor", "zizhu-rules-em"], ["zizhu-rules-en"]),
        (["read", "texts/peru.txt", "--format", "gold"], ["gold-jsonl"]),
        (["read", "texts", "--format", "csv"], ["-o FOLDER"]),
        (["read", "texts", "--format", "csv", "-o", "texts/peru.txt"], ["and one file"]),
        (["read", "texts/peru.txt", "-o", "x"], ["-o without --format"]),
        (["read", "texts/peru.txt", "--format", "csv", "--json"], ["both on standard output"]),
        (["claims", "list", "--kind", "tarket"], ["target"]),
        (["claims", "list", "--document", "x.txt"], ["Read one: `zizhu read PATH`."]),
        (["claims", "show", "abc"], ["unknown claim 'abc'"]),
        (["claims", "review", "abc"], ["--next"]),
        (["claims", "review", "--next"], ["terminal"]),
        (["claims", "open", "abc"], ["unknown document"]),
        (["trace", "doc:abcd#5-3"], ["doc:<id of a document>#<start>-<end>"]),
        (["trace", "doc:abcd#3-5"], ["unknown document 'abcd'"]),
        (["phrases", "tea", "--in", "none"], ["no such file or folder"]),
        (["phrases", "--", "—", "--in", "texts"], []),
    ],
    ids=lambda value: "-".join(map(str, value))[:40] if isinstance(value, list) else "",
)
def test_faults_are_told_and_leave_nothing(asked: list[str], words: list[str], place: Path) -> None:
    before = files_in(place)
    said = within(*asked, place=place, expect=2).stderr
    assert all(word in said for word in words)
    assert files_in(place) == before


def test_text_cannot_write_on_the_terminal(place: Path) -> None:
    (place / "texts" / "odd.txt").write_text(HOSTILE)
    within("read", "texts/odd.txt", place=place)
    claim = claims(place)[0]["id"]
    for asked in (
        ["read", "texts/odd.txt"],
        ["claims", "list"],
        ["claims", "show", claim],
        ["claims", "rejected"],
    ):
        said = within(*asked, place=place).stdout
        assert "\x1b" not in said
        assert "\u202e" not in said
    assert "[red]plants[/red]" in within("claims", "show", claim, place=place).stdout


def test_a_page_of_the_web_is_read_under_its_address(place: Path) -> None:
    body = f"<html lang='en'><body><article><p>{PERU * 3}</p></article></body></html>".encode()
    with serving(Answer(body, headers={"Content-Type": "text/html"})) as site:
        url = site.url("/peru.html?token=abcdef123456")
        done = within("read", url, place=place)
        assert ">>14 lithium plants<<" in done.stdout
    assert "abcdef123456" not in done.stdout + done.stderr
    assert "abcdef123456" not in "".join(p.read_text(errors="replace") for p in files_in(place))
    (listed,) = json.loads(within("claims", "documents", "list", "--json", place=place).stdout)
    assert listed["name"] == site.url("/peru.html?token=***")


def test_without_a_network_an_address_is_refused_with_a_way_round(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZIZHU_OFFLINE", "1")
    said = within("read", "https://example.org/plan.html", place=place, expect=2).stderr
    assert "switched off" in said
    assert "read the file" in said
    assert "--from" not in said


def test_pasted_texts_are_documents_of_their_own(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (PERU, KENYA):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        said = within("read", "-", "--publisher", "A friend", place=place).stdout
        assert "A friend" in said
        assert "Read before" not in said
    assert len(json.loads(within("claims", "documents", "list", "--json", place=place).stdout)) == 2


FORMS: dict[str, Callable[[str], int]] = {
    "gold-jsonl": lambda text: len([json.loads(line)["quote"] for line in text.splitlines()]),
    "jsonl": lambda text: len(records(text, Claim, "out")),
    "csv": lambda text: len(list(csv.DictReader(io.StringIO(text)))),
    "annotation": lambda text: len(read_page(text, "out")),
    "label-studio": lambda text: sum(
        r["type"] == "labels" for t in json.loads(text) for p in t["predictions"] for r in p["result"]
    ),
    "html": lambda text: text.count('<tr id="r-'),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_format_holds_every_claim(form: str, place: Path) -> None:
    out = within("read", "texts/peru.txt", "--format", form, place=place).stdout
    there = len(claims(place))
    assert FORMS[form](out) == there
    within("read", "texts", "--format", form, "-o", "out", place=place)
    files = sorted((place / "out").iterdir())
    assert [f.stem for f in files] == ["kenya", "peru"]
    assert sum(FORMS[form](f.read_text()) for f in files) == len(claims(place)) > there
    assert within("claims", "export", "--format", form, "--document", "peru.txt", place=place).stdout == out
    assert str(place) not in "".join(f.read_text() for f in files)


def test_copies_of_one_name_are_told_apart_by_their_folders_or_ids(place: Path) -> None:
    long = " ".join(f"In {1950 + i} the province of Cusco built {i + 3} bridges." for i in range(40))
    for year in ("2023", "2024"):
        (place / year).mkdir()
        (place / year / "plan.txt").write_text(f"{long} It was {year}.\n")
    said = within("read", "2023", "2024", place=place).stdout
    assert "2024/plan.txt is nearly 2023/plan.txt, 9" in said
    within("read", "2023", "2024", place=place)
    alike = within("claims", "documents", "list", "--alike", place=place).stdout
    assert "2024/plan.txt is like 2023/plan.txt: near, 9" in alike
    (place / "2023" / "plan.txt").write_text(f"{long} It was corrected.\n")
    within("read", "2023", place=place)
    listed = within("claims", "documents", "list", "--alike", place=place).stdout
    ids = [
        d["id"][:12] for d in json.loads(within("claims", "documents", "list", "--json", place=place).stdout)
    ]
    assert any(f"plan.txt {a} is like plan.txt {b}: near" in listed for a in ids for b in ids if a != b)


def test_quantities_and_dates_are_written_whether_claimed_or_not(place: Path) -> None:
    (place / "note.txt").write_text(
        "2 March 2024\n\nPeru has 30 mills. It closed a fifth of them last year.\n"
    )
    out = within("read", "note.txt", "--format", "mentions", "-o", "note.jsonl", place=place).stdout
    assert "published 2024-03-02" in out
    text, rows = (place / "note.txt").read_text(), (place / "note.jsonl").read_text().splitlines()
    found = [json.loads(row) for row in rows]
    assert all(text[r["start"] : r["end"]] == r["quote"] for r in found)
    said = [(r["type"], r["iso"] or (r["value"], r["unit"])) for r in found]
    assert said == [
        ("DATE", "2024-03-02"),
        ("QUANTITY", (30.0, "mill")),
        ("QUANTITY", (20.0, "percent")),
        ("DATE", "2023"),
    ]
    assert within("claims", "export", "--format", "mentions", place=place).stdout.splitlines() == rows


def test_documents_of_one_name_have_files_of_their_own(place: Path) -> None:
    (place / "texts" / "more").mkdir()
    (place / "texts" / "more" / "peru.txt").write_text(PERU.replace("14", "16"))
    within("read", "texts", "--format", "jsonl", "-o", "out", place=place)
    names = sorted(f.name for f in (place / "out").iterdir())
    later = hashlib.sha256(PERU.encode()).hexdigest()[:8]
    assert names == ["kenya.jsonl", f"peru-{later}.jsonl", "peru.jsonl"]


def test_one_file_of_all_claims_with_what_reviewers_said(place: Path) -> None:
    within("read", "texts", place=place)
    tea = numbered(place, 12.0)["id"]
    within("claims", "review", tea, "reject", "--by", "a reader", "--note", "of coffee", place=place)
    every = records(within("claims", "export", place=place).stdout, Claim, "out")
    assert len(every) == len(claims(place))
    assert [(c.review.status, c.review.note) for c in every if c.review] == [("rejected", "of coffee")]
    within("claims", "export", "--status", "accepted", place=place, expect=3)


def test_a_claim_is_shown_reviewed_and_shown_again(place: Path) -> None:
    within("read", "texts", place=place)
    target = numbered(place, 45.0)["id"]
    said = within("claims", "show", target[:8], place=place).stdout
    for part in (
        ">>at least 45 percent<<",
        "[number.parsed]",
        "characters",
        "raw",
        "review  open",
        "zizhu trace",
    ):
        assert part in said
    within("claims", "review", target, "correct", "speaker=A minister", "--by", "me", place=place)
    within("read", "texts", place=place)
    shown = json.loads(within("claims", "show", target, "--json", place=place).stdout)
    assert shown["review"]["changes"] == {"speaker": "A minister"}
    assert shown["sentence"].startswith("The Ministry of Industry of Kenya aims")
    assert shown["quantity"]["value"] == 45.0
    wrong = within("claims", "review", target, "correct", "valu=3", "kind=aim", place=place, expect=2).stderr
    assert "Nearest: value." in wrong
    assert "unknown kind 'aim'" in wrong
    assert [c["id"] for c in claims(place, "--status", "edited")] == [target]


@pytest.mark.slow
def test_reviews_one_after_the_other_on_a_terminal(place: Path) -> None:
    (place / "texts" / "peru.txt").write_text(f"{PERU}Peru built 9 mills in 2021.\n")
    within("read", "texts/peru.txt", place=place)
    ids = [c["id"] for c in claims(place)]
    keys = [b"x", b"a", b"e", b"kind=aim\r", b"\r", b"speaker=somebody\r", b"\r", b"q"]
    shown = _on_a_terminal(place, ["claims", "review", "--next", "--by", "me"], keys)
    assert "unknown kind 'aim'" in shown
    assert f"2 reviewed, {len(ids) - 2} open." in shown
    said = [c.get("review") for c in claims(place)]
    assert (said[0]["status"], said[0]["by"]) == ("accepted", "me")
    assert said[1]["changes"] == {"speaker": "somebody"}
    assert said[2:] == [None] * (len(ids) - 2)


def _on_a_terminal(place: Path, asked: list[str], keys: list[bytes]) -> str:
    """What a terminal shows that these keys are pressed on, each when a prompt stands still.

    A key that comes before the program listens is lost: where nothing answers, it is pressed again.
    """
    ours, theirs = pty.openpty()
    environ = environment(place)
    process = subprocess.Popen(
        [*ZIZHU, *asked], stdin=theirs, stdout=theirs, stderr=theirs, cwd=place, env=environ
    )
    os.close(theirs)
    shown, left, pressed = b"", list(keys), 0.0
    while process.poll() is None or select.select([ours], [], [], 0)[0]:
        if select.select([ours], [], [], 0.3)[0]:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the program has ended
                break
            left = left[1:] if pressed else left
            pressed = 0.0
        elif left and shown.rstrip().endswith((b"uit", b">")) and time.monotonic() > pressed + PATIENCE:
            pressed = time.monotonic()
            os.write(ours, left[0])
    process.wait(timeout=60)
    os.close(ours)
    return shown.decode(errors="replace")


def test_a_page_of_a_document_and_of_a_claim(place: Path) -> None:
    within("read", "texts/peru.txt", place=place)
    plants = numbered(place, 14.0)["id"]
    assert within("claims", "open", "peru.txt", place=place).stdout == "zizhu-claims-peru.html\n"
    assert within("claims", "open", plants, "-o", "p.html", place=place).stdout == f"p.html#c-{plants}\n"
    assert (place / "p.html").read_text() == (place / "zizhu-claims-peru.html").read_text()
    assert f'id="c-{plants}"' in (place / "p.html").read_text()


def test_conflicts_stand_side_by_side_with_the_reason(place: Path) -> None:
    (place / "texts" / "other.txt").write_text("Peru plans to open 20 lithium plants by 2033.\n")
    within("read", "texts", place=place)
    pairs = json.loads(within("claims", "conflicts", "--json", place=place).stdout)
    found = [{p[side]["quantity"]["value"] for side in ("a", "b")} for p in pairs]
    assert {14.0, 20.0} in found
    said = within("claims", "conflicts", place=place).stdout
    assert ">>14 lithium plants<<" in said
    assert ">>20 lithium plants<<" in said
    ref = next(p["ref"] for p in pairs if {p[s]["quantity"]["value"] for s in ("a", "b")} == {14.0, 20.0})
    assert f"zizhu trace '{ref}'" in said
    opened = json.loads(within("trace", ref, "--json", place=place).stdout)
    assert [p["ref"] for p in opened["parts"]] == [
        p[side]["ref"] for p in pairs if p["ref"] == ref for side in ("a", "b")
    ]
    assert all(">>" in within("trace", p["ref"], place=place).stdout for p in opened["parts"])
    narrow = within("claims", "conflicts", place=place, columns=80).stdout
    assert ">>14 lithium plants<<" in narrow
    for options in (["--document", "kenya.txt"], ["--type", "supersedes"]):
        assert json.loads(within("claims", "conflicts", *options, "--json", place=place).stdout) == []
    assert "contradicts" in within("claims", "conflicts", "--type", "x", place=place, expect=2).stderr


def register_targets(place: Path) -> list[dict[str, Any]]:
    """The targets that the register has from documents, as its own command gives them."""
    said = within("register", "list", "targets", "--country", "PER", "--json", place=place).stdout
    return [t for t in json.loads(said) if t["id"].startswith("read.")]


def test_targets_are_in_the_register_until_they_are_rejected(place: Path) -> None:
    said = within("read", "texts/peru.txt", place=place).stdout
    assert "1 target in the register: 1 unreviewed." in said
    (target,) = register_targets(place)
    assert (target["value"], target["deadline"], target["status"]) == (14.0, "2033", "unreviewed")
    told = within("claims", "targets", place=place).stdout
    assert f"zizhu trace fact:{target['id']}" in told
    within("read", "texts/kenya.txt", place=place)
    assert within("claims", "targets", "--document", "peru.txt", place=place).stdout == told
    assert ">>Peru plans to open 14" in within("trace", f"fact:{target['id']}", place=place).stdout
    plants = numbered(place, 14.0)["id"]
    within("claims", "review", plants, "correct", "value=17", place=place)
    within("claims", "documents", "remove", "kenya.txt", place=place)
    (target,) = register_targets(place)
    assert (target["value"], target["status"]) == (17.0, "active")
    assert "edited: value=17.0" in within("claims", "list", "--status", "edited", place=place).stdout
    said = within("claims", "review", plants, "accept", "--by", "another", place=place).stdout
    assert "is edited: value=17.0" in said
    assert [t["value"] for t in register_targets(place)] == [17.0]
    within("claims", "review", plants, "reject", place=place)
    assert register_targets(place) == []


def test_a_later_version_takes_the_place_of_its_targets_and_tells_lost_reviews(place: Path) -> None:
    within("read", "texts/peru.txt", place=place)
    within("claims", "review", numbered(place, 14.0)["id"], "accept", place=place)
    (place / "texts" / "peru.txt").write_text(PERU.replace("14", "16"))
    assert "1 review has no claim any more" in within("read", "texts/peru.txt", place=place).stdout
    assert [t["value"] for t in register_targets(place)] == [16.0]
    assert "14 plant" in within("claims", "diff", "peru.txt", place=place).stdout
    assert "(earlier version)" in within("claims", "documents", "list", place=place).stdout
    assert {c["quantity"]["value"] for c in claims(place, "--kind", "target")} == {16.0}
    within("claims", "documents", "remove", "peru.txt", "--yes", place=place)
    assert [t["value"] for t in register_targets(place)] == [14.0]


def test_a_broken_folder_of_the_register_is_told_and_what_was_read_is_kept(place: Path) -> None:
    broken = place / "ws" / "register" / "mine"
    broken.mkdir(parents=True)
    (broken / "targets.csv").write_text("id\nx\n")
    done = within("read", "texts/peru.txt", place=place, expect=2)
    assert ">>14 lithium plants<<" in done.stdout
    assert "mine" in done.stderr
    assert numbered(place, 14.0)


@pytest.mark.parametrize("form", ["jsonl", "csv", "annotation"])
def test_several_documents_in_one_file_with_the_ending_of_a_form(form: str, place: Path) -> None:
    ending = "json" if form == "annotation" else form
    within("read", "texts", "--format", form, "-o", f"all.{ending}", place=place)
    assert FORMS[form]((place / f"all.{ending}").read_text()) == len(claims(place))
    within("claims", "export", "--format", form, "-o", f"again.{ending}", place=place)
    assert (place / f"again.{ending}").read_text() == (place / f"all.{ending}").read_text()


def test_a_form_of_one_document_wants_a_folder_for_several(place: Path) -> None:
    said = within("read", "texts", "--format", "gold-jsonl", "-o", "all.jsonl", place=place, expect=2).stderr
    assert "and one file" in said
    assert not (place / "all.jsonl").exists()


def test_files_of_data_in_a_folder_are_no_documents(place: Path) -> None:
    within("read", "texts/peru.txt", "--format", "csv", "-o", "texts/peru.csv", place=place)
    within("claims", "open", "peru.txt", "-o", "texts/zizhu-claims-peru.html", place=place)
    told = json.loads(within("read", "texts", "--json", place=place).stdout)
    assert [Path(d["name"]).name for d in told["documents"]] == ["kenya.txt", "peru.txt"]


def test_what_reading_again_would_change(place: Path) -> None:
    within("read", "texts/peru.txt", place=place)
    assert within("claims", "diff", "peru.txt", place=place).stdout.startswith("0 new, 0 gone,")
    first = json.loads(within("claims", "documents", "list", "--json", place=place).stdout)[0]["id"]
    (place / "texts" / "peru.txt").write_text(PERU.replace("14", "16"))
    assert "1 new, 1 gone" in within("read", "texts/peru.txt", place=place).stdout
    told = json.loads(within("claims", "diff", first, "peru.txt", "--json", place=place).stdout)
    assert [c["quantity"]["value"] for c in told["gone"]] == [14.0]
    assert [c["quantity"]["value"] for c in told["added"]] == [16.0]


def test_a_reviewed_document_is_removed_only_when_that_is_said(place: Path) -> None:
    within("read", "texts", place=place)
    within("claims", "review", numbered(place, 14.0)["id"], "accept", place=place)
    assert (
        "reviews would be lost"
        in within("claims", "documents", "remove", "peru.txt", place=place, expect=2).stderr
    )
    within("claims", "documents", "remove", "peru.txt", "--yes", place=place)
    within("claims", "documents", "remove", "kenya.txt", place=place)
    assert claims(place) == []


def test_phrases_over_a_table_with_a_trace_and_a_figure(place: Path) -> None:
    (place / "t.csv").write_text(
        "year,title,text\n2001,a,a new leaf\n2003,b,new LEAF; new leaf\n2002,c,nothing\n"
    )
    asked = ["phrases", "new leaf", "--in", "t.csv"]
    said = within(*asked, "--trace", "2", "--plot", "p.svg", place=place).stdout
    assert "'new leaf': 3 uses in 2 of 3 texts, first 2001 (a), last 2003 (b)." in said
    assert "a [new leaf]" in said
    assert (place / "p.svg").read_text().startswith("<svg")
    told = json.loads(within(*asked, "--json", place=place).stdout)
    rows = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
    assert [(r["document"], r["count"], r["places"]) for r in rows] == [
        ("row 1", 1, "2-10"),
        ("row 2", 2, "0-8 10-18"),
        ("row 3", 0, ""),
    ]
    ref = f"run:{told['run']['id']}#new leaf|row 2,count"
    opened = json.loads(within("trace", ref, "--json", place=place).stdout)
    assert (opened["value"], [p["value"] for p in opened["parts"]]) == (2.0, [1.0, 1.0])


@pytest.mark.slow
def test_a_workspace_that_cannot_be_written_is_told_before_anything_is_read(place: Path) -> None:
    (place / "ws").mkdir()
    (place / "ws").chmod(0o500)
    said = run("read", "texts", place=place, expect=2, superuser=False).stderr
    assert "cannot be written" in said
    assert files_in(place / "ws") == []
    assert ">>14" in run("read", "texts/peru.txt", "--dry-run", place=place, superuser=False).stdout


@pytest.mark.slow
def test_a_folder_of_a_thousand_stops_with_what_is_done(place: Path) -> None:
    many = place / "many"
    many.mkdir()
    for i in range(1000):
        (many / f"{i:04}.txt").write_text(f"Province {i}. " + PERU.replace("14", str(i + 3)))
    process = subprocess.Popen(
        [*ZIZHU, "read", "many"],
        cwd=place,
        env=environment(place),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    done = "[0-9a-f]*/meta.json"  # not the folders in which documents are being written
    while len(list((place / "ws/documents").glob(done))) < 20 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "Documents that are done are kept" in said
    kept = json.loads(within("claims", "documents", "list", "--json", place=place).stdout)
    assert 20 <= len(kept) < 1000
    assert all(d["claims"] for d in kept)
    whole = json.loads(within("read", "many", "--json", place=place).stdout)
    assert len(whole["documents"]) == 1000
    assert whole["problems"] == []


def test_a_target_worded_with_and_without_a_comparator_is_one_row(tmp_path: Path) -> None:
    """The row of the wording that states it; what a reviewer accepts goes first, and reading goes on."""
    for name, least in (("a.txt", ""), ("b.txt", "at least ")):
        text = f"China aims to reach {least}70 percent self-sufficiency in chips by 2030.\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
        shown = within("read", name, place=tmp_path).stdout
    assert "1 target in the register" in shown
    assert "worded otherwise" in shown
    listed = within("claims", "targets", place=tmp_path).stdout
    assert ">= 70 percent by 2030" in listed
    assert "Aims in b.txt" in listed
