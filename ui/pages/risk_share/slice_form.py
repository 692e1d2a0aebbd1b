"""The form of one slice of a clause: what part of the amount it is, where it goes, and how partners share it."""

from dataclasses import replace
from fractions import Fraction
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QVBoxLayout, QWidget

from rules.agreement import Agreement, By, Clause, Slice, Use
from rules.money import decimal
from rules.template_questions import number_typed, share_code
from settlement.drafting import weights_in_words
from ui.pages.risk_share import choices
from ui.pages.risk_share.fields import Chooser, Field
from ui.pages.risk_share.rows import Rows
from ui.widgets import button, labelled, words

_SHARED = (Use.PARTNERS, Use.PROVISION)


class SliceForm(QGroupBox):
    """Edits one slice. `edited` tells the slice as it would be, what was changed of it, and in which field."""

    edited = Signal(object, str, str)
    removed = Signal()

    def __init__(self, number: int) -> None:
        """For the slice of a number, from 1."""
        super().__init__()
        self._number = number
        self._slice: Slice | None = None
        self._clause: Clause | None = None
        self._agreement: Agreement | None = None
        name = f"Slice {number}"
        self.percent = Field(f"{name}: per cent", number_typed, decimal, wide=8)
        self.percent.entered.connect(self._take_percent)
        self.to = Chooser(f"{name}: where it goes")
        self.to.picked.connect(self._take_use)
        self.by = Chooser(f"{name}: how it is shared")
        self.by.picked.connect(self._take_basis)
        self.remove = button("Remove this slice", self.removed.emit, name=f"Remove slice {number}")
        self.weights: dict[str, Field] = {}
        self._form = Rows(self)
        self._rows = {
            "percent": (labelled("Per cent", self.percent.line), self.percent),
            "to": (labelled("It is", self.to), self.to),
            "by": (labelled("How", self.by), self.by),
        }
        for label, field in self._rows.values():
            self._form.add(label, field)
        self._shares = QWidget()
        self._share_rows = QVBoxLayout(self._shares)
        self._share_rows.setContentsMargins(0, 0, 0, 0)
        self._form.span(self._shares)
        self.makes = words()
        self._form.span(self.makes)
        self._form.span(self.remove)

    def show_slice(self, part: Slice, clause: Clause, agreement: Agreement) -> None:
        """Show a slice of a clause, one of several or the only one."""
        self._slice, self._clause, self._agreement = part, clause, agreement
        is_split = len(clause.slices) > 1
        self.setTitle(f"Slice {self._number}" if is_split else "Where it goes")
        self._show_row("percent", shown=is_split)
        self.remove.setVisible(is_split)
        if is_split:
            self.percent.put(part.percent)
        self.to.offer(choices.uses(agreement, clause.on, part, is_split=is_split))
        self.to.put(part.to)
        is_shared = part.use in _SHARED
        self._show_row("by", shown=is_shared)
        if is_shared:
            self.by.offer(choices.bases(agreement, clause.on, part.share))
            self.by.put("" if part.share is None else share_code(part.share))
        is_fixed = is_shared and part.share is not None and part.share.by is By.FIXED
        self._show_weights(agreement if is_fixed else None)

    def _show_weights(self, agreement: Agreement | None) -> None:
        partners = () if agreement is None else agreement.partners
        if [partner.code for partner in partners] != list(self.weights):
            while (item := self._share_rows.takeAt(0)) is not None:
                gone = item.widget()
                if gone is not None:
                    gone.hide()
                    gone.deleteLater()
            self.weights = {}
            box = QWidget()
            rows = Rows(box)
            rows.setContentsMargins(0, 0, 0, 0)
            self._share_rows.addWidget(box)
            for partner in partners:
                field = Field(f"Slice {self._number}: share of {partner.name}", number_typed, decimal, wide=8)
                field.entered.connect(partial(self._take_weight, partner.code))
                label = labelled(f"Share of {partner.code}", field.line)
                label.setToolTip(partner.name)
                rows.add(label, field)
                self.weights[partner.code] = field
        share = None if self._slice is None else self._slice.share
        weights = {} if share is None else dict(share.weights)
        for code, field in self.weights.items():
            field.put(weights.get(code, Fraction()))
        self._shares.setVisible(bool(self.weights))
        self.makes.setVisible(bool(self.weights))
        self.makes.setText("" if share is None else weights_in_words(share))

    def _show_row(self, key: str, *, shown: bool) -> None:
        for widget in self._rows[key]:
            widget.setVisible(shown)

    # What the person changes

    def _take_percent(self, percent: Fraction) -> None:
        if self._slice is not None:
            self._tell(replace(self._slice, percent=percent), "the percentages", "percent")

    def _take_use(self, code: str) -> None:
        if self._slice is None or self._agreement is None or self._clause is None:
            return
        word, _, reserve = code.partition(":")
        use = Use(word)
        share = None
        if use in _SHARED:
            default = By.INCURRED if self._clause.on.is_influenced else By.FUND
            share = self._slice.share or choices.share_of(default, None, self._agreement)
        self._tell(replace(self._slice, use=use, reserve=reserve, share=share), "where it goes")

    def _take_basis(self, code: str) -> None:
        if self._slice is None or self._agreement is None:
            return
        share = choices.share_of(code, self._slice.share, self._agreement)
        self._tell(replace(self._slice, share=share), "the share")

    def _take_weight(self, code: str, weight: Fraction) -> None:
        part = self._slice
        if part is None or part.share is None:
            return
        weights = {**dict(part.share.weights), code: weight}
        order = tuple((each, weights[each]) for each in self.weights if each in weights)
        self._tell(replace(part, share=replace(part.share, weights=order)), "the shares", f"weight {code}")

    def _tell(self, part: Slice, what: str, field: str = "") -> None:
        self._slice = part
        self.edited.emit(part, what, f"slice {self._number} {field}" if field else "")
