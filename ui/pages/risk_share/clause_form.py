"""The form of a clause of a draft: every part of it, changed as it is typed."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGroupBox, QVBoxLayout, QWidget

from rules.agreement import Band, By, Cap, Clause, DrawOn, Limit, On, Per, Service, Share, Slice, Threshold, Use
from rules.reading_clauses import WHOLE
from rules.template_questions import limit_of
from settlement.drafting import Draft, replaced, with_caps
from ui.pages.risk_share import choices
from ui.pages.risk_share.cap_form import CapForm
from ui.pages.risk_share.fields import Chooser, Field, Picker, limit_shown
from ui.pages.risk_share.rows import Rows
from ui.pages.risk_share.slice_form import SliceForm
from ui.widgets import button, labelled

_SCOPE = {
    "fund": ("Funds", "All funds"),
    "scheme": ("Schemes", "All schemes"),
    "service": ("Services", "Core and influenced"),
    "tier": ("Tiers", "All tiers"),
    "tag": ("Tags", "Whatever their tags"),
}


class ClauseForm(QWidget):
    """Edits one clause of a draft. `edited` tells the draft as it would be, the change in words, and the field."""

    edited = Signal(object, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Of no clause yet."""
        super().__init__(parent)
        self._draft: Draft | None = None
        self._key = ""
        self.number = Field("Number of the clause", _written, str)
        self.number.entered.connect(lambda text: self._change("the number", "id", id=text))
        self.title = Field("Title of the clause", str.strip, str)
        self.title.entered.connect(lambda text: self._change("the title", "title", title=text))
        self.on = Chooser("What the clause deals with", choices.ON)
        self.on.picked.connect(lambda code: self._change("what it is on", on=On(code)))
        head = Rows()
        head.add(labelled("Numbe&r", self.number.line), self.number)
        head.add(labelled("Titl&e", self.title.line), self.title)
        head.add(labelled("Deals with", self.on), self.on)
        self.draw_on = Chooser("Whose underspends it may use", choices.DRAW_ON)
        self.draw_on.picked.connect(lambda code: self._change("whose underspends it uses", draw_on=DrawOn(code)))
        self._draw_label = labelled("Underspends", self.draw_on)
        self.slices: list[SliceForm] = []
        self._slice_column = QVBoxLayout()
        self.add_slice = button("Divide it: add a &slice", self._add_slice)
        self.caps: list[CapForm] = []
        self._cap_column = QVBoxLayout()
        self.add_cap = button("Add a cap", self._add_cap)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addLayout(self._slice_column)
        column.addWidget(self.add_slice)
        draw = Rows()
        draw.add(self._draw_label, self.draw_on)
        column.addLayout(draw)
        column.addWidget(self._scope_box())
        column.addWidget(self._band_box())
        column.addLayout(self._cap_column)
        column.addWidget(self.add_cap)
        column.addStretch()

    def _scope_box(self) -> QGroupBox:
        box = QGroupBox("Which schemes")
        form = Rows(box)
        self.scope = {name: Picker(title, none) for name, (title, none) in _SCOPE.items()}
        for name, picker in self.scope.items():
            picker.picked.connect(partial(self._take_scope, name))
            form.add(labelled(_SCOPE[name][0], picker.choose), picker)
        return box

    def _band_box(self) -> QGroupBox:
        box = QGroupBox("Which part of the amount")
        self.has_band = QCheckBox("Only the part in a &band")
        self.has_band.toggled.connect(self._take_has_band)
        self.low = Field("The band begins at", limit_of, limit_shown, wide=12)
        self.low.entered.connect(lambda limit: self._take_edge("low", limit))
        self.high = Field("The band ends at", _limit_or_none, limit_shown, wide=12)
        self.high.line.setPlaceholderText("No end")
        self.high.entered.connect(lambda limit: self._take_edge("high", limit))
        self.per = Chooser("What the band is measured on", choices.PER)
        self.per.picked.connect(lambda code: self._change("what the band is measured on", per=Per(code)))
        self.threshold = Chooser("What counts once the band is reached", choices.THRESHOLDS)
        self.threshold.picked.connect(lambda code: self._change("the threshold", threshold=Threshold(code)))
        form = Rows(box)
        form.span(self.has_band)
        self._band_rows = [
            (labelled("From", self.low.line), self.low),
            (labelled("To", self.high.line), self.high),
            (labelled("Measured on", self.per), self.per),
            (labelled("Counts", self.threshold), self.threshold),
        ]
        for label, field in self._band_rows:
            form.add(label, field)
        return box

    @property
    def first_field(self) -> QWidget:
        """Where the keyboard goes when the clause is gone into."""
        return self.number.line

    def show_clause(self, draft: Draft, key: str) -> None:
        """Show a clause of a draft. A field that says the same already is left as it was typed."""
        self._draft, self._key = draft, key
        clause = self._clause()
        agreement = draft.rest
        self.number.put(clause.id)
        self.title.put(clause.title)
        self.on.put(clause.on)
        self._show_slices(clause, draft)
        uses_underspends = any(part.use is Use.UNDERSPENDS for part in clause.slices)
        for widget in (self._draw_label, self.draw_on):
            widget.setVisible(uses_underspends)
        self.draw_on.put(clause.draw_on)
        offered = choices.scope_choices(agreement)
        for name, picker in self.scope.items():
            picker.put([str(each) for each in getattr(clause.scope, name)], offered[name])
        self._show_band(clause)
        self._show_caps(clause, draft)

    def _clause(self) -> Clause:
        assert self._draft is not None  # noqa: S101  asked for only while one is shown
        return self._draft.entries[self._draft.place_of(self._key)].clause

    def _show_slices(self, clause: Clause, draft: Draft) -> None:
        _make_as_many(self.slices, len(clause.slices), self._slice_column, self._make_slice)
        for form, part in zip(self.slices, clause.slices, strict=True):
            form.show_slice(part, clause, draft.rest)

    def _show_band(self, clause: Clause) -> None:
        self.has_band.blockSignals(True)  # noqa: FBT003  Qt's
        self.has_band.setChecked(clause.band is not None)
        self.has_band.blockSignals(False)  # noqa: FBT003  Qt's
        for row in self._band_rows:
            for widget in row:
                widget.setVisible(clause.band is not None)
        if clause.band is not None:
            self.low.put(clause.band.low)
            self.high.put(clause.band.high)
        self.per.put(clause.per)
        self.threshold.put(clause.threshold)

    def _show_caps(self, clause: Clause, draft: Draft) -> None:
        places = draft.caps_on(self._key)
        _make_as_many(self.caps, len(places), self._cap_column, self._make_cap)
        for form, place in zip(self.caps, places, strict=True):
            form.show_cap(draft.caps[place], clause, draft)
        self.add_cap.setEnabled(any(part.share is not None for part in clause.slices))

    def _make_slice(self, number: int) -> SliceForm:
        form = SliceForm(number + 1)
        form.edited.connect(partial(self._take_slice, number))
        form.removed.connect(partial(self._remove_slice, number))
        return form

    def _make_cap(self, number: int) -> CapForm:
        form = CapForm(number + 1)
        form.edited.connect(partial(self._take_cap, number))
        form.removed.connect(partial(self._remove_cap, number))
        return form

    # What the person changes

    def _change(self, what: str, field: str = "", **values: Any) -> None:  # noqa: ANN401  of any field
        clause = self._clause()
        assert self._draft is not None  # noqa: S101  as above
        self._tell(replaced(self._draft, self._key, replace(clause, **values)), what, field)

    def _tell(self, draft: Draft, what: str, field: str = "") -> None:
        text = f"change {what} of clause {self._clause().id}"
        self.edited.emit(draft, text, f"{self._key} {field}" if field else "")

    def _take_scope(self, name: str, codes: tuple[str, ...]) -> None:
        read: dict[str, Callable[[str], Any]] = {"tier": int, "service": Service}
        values = tuple(read.get(name, str)(code) for code in codes)
        self._change("the scope", scope=replace(self._clause().scope, **{name: values}))

    def _take_has_band(self, has_band: bool) -> None:  # noqa: FBT001  a signal has no keywords
        band = Band(Limit(pence=0)) if has_band else None
        self._change("the band", band=band)

    def _take_edge(self, name: str, limit: Limit | None) -> None:
        band = self._clause().band
        if band is not None:
            self._change("the band", name, band=replace(band, **{name: limit}))  # type: ignore[arg-type]  # only `high` may be none

    def _take_slice(self, number: int, part: Slice, what: str, field: str) -> None:
        slices = self._clause().slices
        self._change(what, field, slices=(*slices[:number], part, *slices[number + 1 :]))

    def _add_slice(self) -> None:
        clause = self._clause()
        share = Share(By.INCURRED if clause.on.is_influenced else By.FUND)
        self._change("the slices", slices=(*clause.slices, Slice(Fraction(), Use.PARTNERS, share=share)))

    def _remove_slice(self, number: int) -> None:
        slices = self._clause().slices
        left = slices[:number] + slices[number + 1 :]
        if len(left) == 1:
            left = (replace(left[0], percent=WHOLE),)
        self._change("the slices", slices=left)

    def _take_cap(self, number: int, cap: Cap, what: str, field: str) -> None:
        assert self._draft is not None  # noqa: S101  as above
        place = self._draft.caps_on(self._key)[number]
        caps = self._draft.caps
        self._tell(with_caps(self._draft, (*caps[:place], cap, *caps[place + 1 :])), what, field)

    def _add_cap(self) -> None:
        assert self._draft is not None  # noqa: S101  as above
        capped = {self._draft.caps[place].partner for place in self._draft.caps_on(self._key)}
        codes = [partner.code for partner in self._draft.rest.partners]
        code = next((each for each in codes if each not in capped), codes[0])
        cap = Cap(code, Limit(pence=0), (self._key,))
        self._tell(with_caps(self._draft, (*self._draft.caps, cap)), "the caps")

    def _remove_cap(self, number: int) -> None:
        assert self._draft is not None  # noqa: S101  as above
        place = self._draft.caps_on(self._key)[number]
        self._tell(with_caps(self._draft, self._draft.caps[:place] + self._draft.caps[place + 1 :]), "the caps")


def _make_as_many(forms: list[Any], count: int, column: QVBoxLayout, make: Callable[[int], Any]) -> None:
    while len(forms) > count:
        gone = forms.pop()
        column.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
    while len(forms) < count:
        form = make(len(forms))
        forms.append(form)
        column.addWidget(form)


def _written(text: str) -> str:
    """A clause's number: a code, as the agreement's file holds it."""
    code = text.strip()
    if not code:
        message = "it is empty; write the clause’s number"
        raise ValueError(message)
    return code


def _limit_or_none(text: str) -> Limit | None:
    return limit_of(text) if text.strip() else None
