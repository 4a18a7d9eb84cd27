"""Reports: one content of figures and words; DOCX, PDF and XLSX from the same tables."""

from dashboard.reports.making import make_report, render, weekly

__all__ = ["make_report", "render", "weekly"]
