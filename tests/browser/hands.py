"""What a hand does with the mouse on the text of an annotating page."""

from playwright.sync_api import Page

PLACE = """(words) => {
  const nodes = [...document.querySelectorAll('#text [data-start]')].map((segment) => segment.firstChild);
  const all = nodes.map((node) => node.data).join('');
  const at = all.indexOf(words);
  const find = (offset, isEnd) => {
    for (const node of nodes) {
      if (offset < node.length || (isEnd && offset === node.length)) return [node, offset];
      offset -= node.length;
    }
  };
  const range = document.createRange();
  range.setStart(...find(at, false));
  range.setEnd(...find(at + words.length, true));
  return range;
}"""
"""A range on words of the article, found without the page's own modules."""


SELECTED = """(words) => {
  const bare = (text) => text.replace(/\\s/g, '');
  return bare(getSelection().toString()) === bare(words);
}"""
"""Whether just these words are selected; where a paragraph ends, the browser has line breaks of its own."""


def drag_over(page: Page, words: str) -> None:
    """Select words as a hand does: press at the first, move, look what is selected, let go at the last."""
    ends = page.evaluate(
        f"""async (words) => {{
          const range = ({PLACE})(words);
          range.startContainer.parentElement.scrollIntoView({{ block: 'center', behavior: 'instant' }});
          await new Promise(requestAnimationFrame);
          const boxes = [...range.getClientRects()].filter((box) => box.width);
          const [first, last] = [boxes[0], boxes.at(-1)];
          return [first.left + 0.5, first.top + first.height / 2, last.right - 0.5, last.top + last.height / 2];
        }}""",
        words,
    )
    left, top, right, bottom = ends
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2, steps=3)
    # A busy browser may be behind with the movements; a hand waits until it sees the words, and moves on if need be.
    for nudge in (0, -1, 1, -1, 0):
        page.mouse.move(right, bottom + nudge, steps=3)
        if page.evaluate(SELECTED, words):
            break
    else:
        selected = page.evaluate("getSelection().toString()")
        raise AssertionError(f"“{words}” were dragged over, and “{selected}” is selected")
    page.mouse.up()
