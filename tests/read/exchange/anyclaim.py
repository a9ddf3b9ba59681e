"""Claims of any content that the records allow, hostile texts included."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from zizhu.ledger import claims as ledger
from zizhu.ledger.claims import Box, Claim, Extractor, Position, Quantity, Quote, Review, Selector, Time

HOSTILE = (
    "<script>alert(1)</script>",
    "\"' onmouseover='x'",
    "\0\x1b[31m",
    "\N{RIGHT-TO-LEFT OVERRIDE}evil\N{LEFT-TO-RIGHT ISOLATE}",
    '=HYPERLINK("http://x")',
    "@SUM(A1)",
    "-2+3",
    "'=1",
    "line\nbreak\r\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\x85",
    "{{ 7 * 7 }}",
    '["a"]',
    "]]>&amp;",
    "自主可控",
    "😀",
)
said = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20))
text = said.filter(lambda s: bool(s.strip()) and s.strip() == s)
maybe = st.none() | said
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
hexadecimal = "0123456789abcdef"
ids = st.text(hexadecimal, min_size=16, max_size=16)
spans = st.tuples(st.integers(0, 99), st.integers(1, 9)).map(lambda s: Position(start=s[0], end=sum(s)))

selectors = st.builds(
    Selector,
    source=text,
    sha256=st.text(hexadecimal, min_size=64, max_size=64),
    layer=st.sampled_from(get_args(ledger.LayerName)),
    quote=st.builds(Quote, exact=said.filter(bool), prefix=said, suffix=said),
    position=spans,
    value_position=st.none() | spans,
    pdf=st.none() | st.builds(Box, page=st.integers(1, 9), bbox=st.just((0.5, 1.0, 2.0, 3.25))),
    status=st.sampled_from(["exact", "folded"]),
)
quantities = st.builds(
    Quantity,
    value=numbers,
    low=numbers,
    high=numbers,
    comparator=st.sampled_from(get_args(ledger.Bound)),
    unit=text,
    as_written=text,
    vague=st.booleans(),
    restates=st.none() | ids,
)
reviews = st.builds(
    Review,
    status=st.sampled_from(["open", "accepted", "edited", "rejected"]),
    by=said,
    at=said,
    note=said,
    changes=st.dictionaries(said, st.none() | said | st.lists(said, max_size=2), max_size=2),
)
times = st.builds(
    Time,
    edtf=text,
    as_written=said,
    resolved_against=maybe,
    role=st.sampled_from(get_args(ledger.Role)),
)
several = st.lists(said, max_size=3).map(tuple)
claims = st.builds(
    Claim,
    id=ids,
    kind=st.sampled_from(get_args(ledger.ClaimKind)),
    subject=said,
    predicate=maybe,
    object=st.none() | several,
    indicator=maybe,
    quantity=st.none() | quantities,
    times=st.lists(times, max_size=2).map(tuple),
    geography=several,
    sectors=several,
    plans=several,
    polarity=st.sampled_from(["affirmed", "negated"]),
    modality=st.sampled_from(get_args(ledger.Modality)),
    speaker=maybe,
    reported_by=said,
    said_on=maybe,
    evidence=st.lists(selectors, min_size=1, max_size=2).map(tuple),
    extractor=st.builds(
        Extractor,
        name=text,
        version=text,
        config_hash=said,
        model=maybe,
        field_rules=st.dictionaries(said, said, max_size=2),
    ),
    confidence=st.dictionaries(said, st.floats(0, 1), max_size=2),
    review=st.none() | reviews,
)
