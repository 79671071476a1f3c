"""What a hand does with the mouse on the text of an annotating page, and with the keyboard on any page."""

import re

from playwright.sync_api import Page, expect

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


def says(page: Page, words: str) -> None:
    expect(page.locator("#status")).to_have_text(words)


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press a key until what has the focus is named so; never the mouse."""
    for _ in range(80):
        page.keyboard.press(key)
        named = page.evaluate("document.activeElement.innerText ?? ''")
        if re.sub(r"\s+", " ", named).strip().startswith(name):
            return
    raise AssertionError(f"“{name}” is not reached by {key}")
