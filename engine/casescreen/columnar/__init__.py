"""Whole caseloads at once, on Polars: the same conditions, outcomes and conclusions, as columns over frames.

The way of a caseload, by module: ``caseload_folder`` finds its parts, and ``frames`` divides those that are too large.
Of each, ``links`` joins rows to their cases and sees that no case stands in two parts, ``reader`` reads the columns
that are needed, ``known_values`` says what in them counts as known, ``execute`` works out those of its ``graph``, and
``validate`` says which cases are rejected (``issues``). What is left is counted and concluded on (``aggregate``) or
listed (``outcomes``). ``screening`` is the whole, ``spark`` the same on many machines.
"""
