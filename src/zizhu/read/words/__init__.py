"""Tokens, lexicons and numerals: what the reading of quantities and of dates stand on."""
