"""Where an HTML document's links lead: the name of each place, once, and a link only to a place that is there."""

from settlement.statements.document import Document, Table
from settlement.statements.html.text import attribute
from settlement.statements.places import Place, anchors_of, table_of_picture, tables_called


class Links:
    """The ids of a document: an anchor's own where a place has one, else one that no anchor can be.

    Anchors have no underscore, so that an id with one is never an anchor's.
    """

    def __init__(self, document: Document) -> None:
        """Walk through the document once: a link may lead forward."""
        self._document = document
        self._owner = anchors_of(document)
        self._tables = tables_called(document)

    def ident(self, anchor: str, place: Place) -> str:
        """The id of a place that must have one."""
        return anchor if self._owner.get(anchor) == place else f"at_{'_'.join(str(each + 1) for each in place)}"

    def id_attribute(self, anchor: str, place: Place) -> str:
        """The attribute of a place that has an id only where it has an anchor that no place before it has."""
        return f' id="{attribute(anchor)}"' if anchor and self._owner.get(anchor) == place else ""

    def linked(self, markup: str, goes_to: str) -> str:
        """The markup as a link, if there is such a place."""
        return f'<a href="#{attribute(goes_to)}">{markup}</a>' if goes_to in self._owner and markup else markup

    def table_id(self, title: str, after: Place) -> str:
        """The id of the table of that title which comes first after a place, or else of one before; "" for none."""
        found = table_of_picture(self._tables, title, after)
        if found is None:
            return ""
        block = self._document.sections[found[0]].blocks[found[1]]
        assert isinstance(block, Table)  # noqa: S101  only places of tables are kept
        return self.ident(block.anchor, found)
