"""Charts of our own, painted with QPainter: each says in words what it shows, and has its data as a table."""

from ui.charts.bars import BarChart, Category, Series
from ui.charts.caps import CapChart, CapRow
from ui.charts.chart import Chart
from ui.charts.marks import Mark, Pattern
from ui.charts.waterfall import WaterfallChart

__all__ = ["BarChart", "CapChart", "CapRow", "Category", "Chart", "Mark", "Pattern", "Series", "WaterfallChart"]
