"""What each term of a method is, in words for a reader who does not know its letters."""

from __future__ import annotations

from collections.abc import Mapping

_SHARED = {
    "EXGR": "gross exports",
    "DC": "domestic content",
    "DVA": "domestic value added, counted once",
    "VAX": "of it used abroad in the end",
    "REF": "of it returning home for final use",
    "DDC": "domestic, counted again",
    "FC": "foreign content",
    "FVA": "foreign value added, counted once",
    "FDC": "foreign, counted again",
    "OTHER": "taxes and what is nobody's value added",
    "GVC": "what crosses more than one border",
    "GVCB": "backward participation: foreign content and domestic counted again",
    "GVCF": "forward participation: inputs that the importer exports again",
    "EXGR_INT": "exports of inputs",
    "upstreamness": "stages to final use",
    "downstreamness": "stages from primary inputs",
    "position": "stages to final use over stages from primary inputs",
    "DVA_FIN": "in final goods",
    "DVA_INT": "in inputs for the importer's own use",
    "DVA_INTrex": "in inputs that go on to third countries",
    "RDV_FIN": "returning in final goods of the importer",
    "FVA_FIN": "in final goods",
    "FVA_INT": "in inputs for the importer's own use",
}
_OF_METHOD = {
    "kww.RDV_FIN": "returning in final goods",
    "kww.RDV_INT": "returning in inputs",
    "wwz.DVA_INTrexI1": "in inputs for inputs of third countries, for their own use",
    "wwz.DVA_INTrexF": "in inputs for final goods that go on to third countries",
    "wwz.DVA_INTrexI2": "in inputs for inputs of third countries, for final goods exported on",
    "wwz.RDV_FIN2": "returning in final goods of third countries",
    "wwz.RDV_INT": "returning in inputs",
    "wwz.DDC_FIN": "in inputs that return for exports of final goods",
    "wwz.DDC_INT": "that has returned before, in exported inputs",
    "wwz.MVA_FIN": "of the importer, in final goods",
    "wwz.OVA_FIN": "of third countries, in final goods",
    "wwz.MVA_INT": "of the importer, in inputs for its own use",
    "wwz.OVA_INT": "of third countries, in inputs for the importer's own use",
    "wwz.MDC": "of the importer, in inputs that it exports again",
    "wwz.ODC": "of third countries, in inputs that the importer exports again",
    "tiva.EXGR_DVA": "domestic content, each time it leaves",
    "tiva.EXGR_DDC": "of the exporting industry itself",
    "tiva.EXGR_IDC": "of its domestic suppliers",
    "tiva.EXGR_RIM": "domestic, back inside imports",
    "tiva.EXGR_FVA": "foreign content",
    "tiva.FEXDVA": "forward participation: value added in what the partner exports",
    "tiva.FFD_DVA": "value added that the partner's final demand absorbs",
}
TOLD: Mapping[str, str] = _SHARED | _OF_METHOD


def told(term: str) -> str:
    """The words for a term with its method's name.

    >>> told("bm-source.VAX"), told("wwz.MDC")
    ('of it used abroad in the end', 'of the importer, in inputs that it exports again')
    """
    return TOLD.get(term) or TOLD[term.partition(".")[2]]
