"""Whole caseloads at once, on Polars: the same conditions, outcomes and conclusions, as columns over frames.

The way of a caseload, by module: ``folder`` finds its parts (``unread`` and ``apart`` see that none is missed or
shared), ``parting`` divides those that are too large, and ``pacing`` takes two at a time. Of each, ``numbering`` links
rows to cases, ``reading`` reads the columns that ``plan`` needs, ``working`` works out those of its ``workbook``, and
``troubles`` and ``faults`` say which cases are left out (``leaving``). What is left is counted (``tallying``), listed
(``listing``, ``keeping``) or concluded on (``concluding``). ``screening`` is the whole, and ``beforehand`` the same for
a list of findings.
"""
