"""Items cut into pages before anything is drawn: their number is known, and `page x of y` needs no second run."""

from collections.abc import Iterator

from settlement.statements.pdf.units import DEPTH, Item, Page, Placed


def paginated(items: list[Item]) -> Iterator[Page]:
    """Fill page after page; items kept together move to the next page together, unless they fill more than one."""
    page: Page = []
    top = 0.0
    place = 0
    while place < len(items):
        first = items[place]
        if not first.ops and first.cells is None and top + first.height > DEPTH:
            place += 1  # space beneath what fills the page: it would begin a page of nothing
            continue
        end = place
        height = first.height
        while items[end].keep and end + 1 < len(items) and not items[end + 1].new_page:
            end += 1
            height += items[end].height
        if page and (first.new_page or top + height + items[end].foot > DEPTH):
            _end(page, first, top)
            yield page
            page = []
            top = _begin(page, first)
        for item in items[place : end + 1]:
            if page and top + item.height > DEPTH and not page[-1].is_repeated:
                _end(page, item, top)
                yield page
                page = []
                top = _begin(page, item)
            page.append(Placed(item, top))
            top += item.height
        place = end + 1
    yield page


def _end(page: Page, following: Item, top: float) -> None:
    """What a table carries forward, beneath its last row on the page; where there is no room, it is brought forward."""
    if following.repeats is None or page[-1].item.repeats is not following.repeats:
        return
    for repeated in following.repeats.ends(following.place):
        if top + repeated.height <= DEPTH:
            page.append(Placed(repeated, top, is_repeated=True))
            top += repeated.height


def _begin(page: Page, first: Item) -> float:
    """Repeat what is above an item's table at the top of its new page; where the item stands then."""
    top = 0.0
    if first.repeats is not None:
        for repeated in first.repeats.begins(first.place):
            page.append(Placed(repeated, top, is_repeated=True))
            top += repeated.height
    return top
