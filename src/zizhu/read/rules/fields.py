"""The fields that all claims share: evidence, subject, dates, place, sectors, plans, speaker, each with its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zizhu.ledger.claims import ClaimKind
from zizhu.read.model import Candidate, Number, Span, TimeOf
from zizhu.read.rules.gazetteer import registered_ids
from zizhu.read.rules.kinds import Judged, polarity
from zizhu.read.rules.modality import Setting, modality
from zizhu.read.rules.plan_links import plans
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.speakers import Speech
from zizhu.read.rules.subjects import Topic, geography, of_plan, subject
from zizhu.read.rules.times import times

TITLE = "sectors.title"


@dataclass(frozen=True)
class Voice:
    """Who speaks in a sentence, or writes the document."""

    speech: Speech | None
    author: str = ""
    owned: bool = False
    """Whether even facts and figures are the author's to tell."""

    signed: bool = False
    """Whether a person wrote the document in their own name."""

    others: tuple[Speech, ...] = ()
    """Who else speaks in the sentence."""

    @property
    def words(self) -> Range:
        """The tokens that say who speaks; none where no words do."""
        return self.speech.words if self.speech else (0, 0)

    @property
    def named(self) -> bool:
        """Whether the words give the speaker's name."""
        return bool(self.speech and self.speech.rule in ("speaker.name-said", "speaker.said-name"))


def filled(
    read: Reading,
    where: Span,
    clause: Range,
    judged: Judged,
    at: int,
    topic: Topic,
    voice: Voice,
    number: Number | None,
    when: tuple[TimeOf, ...] | None = None,
) -> Candidate:
    """A candidate with the fields that all kinds share; `when` has its dates where they are known."""
    meant, meant_by = modality(read, clause, judged, Setting(voice.words, voice.signed, topic.opened))
    places, placed_by = geography(read, clause, at, voice.words, topic)
    baseline = judged.rule == "kind.baseline"
    under, under_by = ((), "") if baseline else plans(read, clause, judged.kind, topic)
    places, placed_by = (places, placed_by) if places else of_plan(under)
    who, who_by = subject(read, clause, at, places, under, judged.kind, voice.words)
    speaker, spoken_by = _speaker(voice, judged.kind, number, clause)
    sectors, found_by = sectors_of(read, clause, topic)
    rules = {
        "kind": judged.rule,
        "modality": meant_by,
        "geography": placed_by,
        "plans": under_by,
        "sectors": found_by,
    }
    rules |= {"subject": who_by, "speaker": spoken_by}
    return Candidate(
        quote=read.text[where.start : where.end],
        start=where.start,
        kind=judged.kind,
        modality=meant,
        subject=who,
        times=times(read, at, clause, judged.kind, number) if when is None else when,
        geography=places,
        sectors=sectors,
        plans=under,
        plan_names=written_names(under, topic),
        polarity=polarity(read, clause, judged, at),
        speaker=speaker,
        rules={field: rule for field, rule in rules.items() if rule},
    )


def sectors_of(read: Reading, clause: Range, topic: Topic) -> tuple[tuple[str, ...], str]:
    """The sectors of a clause, else of its sentence, of the title or a heading that names others; and the rule."""
    inside = [m.value for m in read.sectors if clause[0] <= m.first < clause[1]]
    named = inside or [m.value for m in read.sectors]
    if named:
        return tuple(dict.fromkeys(named)), ""
    if topic.sectors and topic.headed:
        return topic.headed, "sectors.heading"
    return topic.sectors, TITLE if topic.sectors else ""


def written_names(plans: Sequence[str], topic: Topic) -> dict[str, str]:
    """The names as written of those plans that no register has."""
    return {p: topic.names[p] for p in plans if p in topic.names and p not in registered_ids()}


def _speaker(voice: Voice, kind: ClaimKind, number: Number | None, clause: Range) -> tuple[str | None, str]:
    follows = voice.speech and (voice.speech.rule != "speaker.han" or clause[1] > voice.words[0])
    if voice.speech and follows:
        return voice.speech.speaker, voice.speech.rule
    opinion = number is None and kind in ("relation", "attribution", "forecast", "ranking", "actual")
    return (voice.author, "speaker.author") if voice.author and (opinion or voice.owned) else (None, "")
