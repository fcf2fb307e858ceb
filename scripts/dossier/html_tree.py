"""A page of HTML as a browser has it, with scripts and without: the only reader of that kind.

The tree is that of WHATWG HTML, which decides what is a script, a comment or a template, and
what stands in `noscript`. Its text has LF for line ends, as that of a browser has.
"""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

Element = LexborNode

# The JavaScript MIME types (WHATWG MIME Sniffing, section 4.6), and what is run or heeded under
# a name that is no MIME type. A script of any other type is data.
_RUN = frozenset(
    """application/ecmascript application/javascript application/x-ecmascript
    application/x-javascript text/ecmascript text/javascript text/javascript1.0
    text/javascript1.1 text/javascript1.2 text/javascript1.3 text/javascript1.4
    text/javascript1.5 text/jscript text/livescript text/x-ecmascript text/x-javascript
    importmap module speculationrules""".split()  # noqa: SIM905
)
_SOURCES = ("src", "href", "xlink:href")


def elements(html: str, *, scripting: bool) -> Iterator[Element]:
    """Yield the elements of a page, and of pages within it, that a browser shows or runs.

    What a `template` holds is neither, unless it is the shadow of its parent. `scripting`
    tells whether the browser runs scripts: only then is `noscript` nothing but text.
    """
    root = _parsed(html, scripting).root
    if root is not None:
        yield from _below(root, scripting)


def _below(root: Element, scripting: bool) -> Iterator[Element]:
    for node in root.traverse():
        yield node
        if node.tag == "template" and "shadowrootmode" in node.attributes:
            yield from _below(node.template_fragments()[0], scripting)
        elif node.tag == "iframe" and "srcdoc" in node.attributes:
            yield from elements(value_of(node, "srcdoc"), scripting=scripting)


def head_of(html: str) -> Iterator[Element]:
    """Yield what stands in the head of a page, not what stands within that."""
    head = _parsed(html, scripting=True).head
    child = head.child if head is not None else None
    while child is not None:
        yield child
        child = child.next


def contents_of(html: str) -> Element | None:
    """Return what a page is about: its `article`, else `main`, else all that is shown."""
    page = _parsed(html, scripting=False)
    for name in ("article", "main", "body"):
        if (found := page.css_first(name)) is not None:
            return found
    return None


def children(element: Element) -> Iterator[Element]:
    """Yield what stands in an element, texts among it: see `is_text`."""
    child = element.child
    while child is not None:
        yield child
        child = child.next


def is_text(node: Element) -> bool:
    """Tell whether a node is text and no element; `text_of` has its words."""
    return node.tag == "-text"


def text_of(node: Element) -> str:
    """Return all text in a node, white space as it is written."""
    return node.text_content or "" if is_text(node) else node.text(deep=True)


def classes_of(element: Element) -> frozenset[str]:
    """Return the classes of an element."""
    return frozenset(value_of(element, "class").split())


def inline_scripts(html: str) -> Iterator[str]:
    """Yield the text of each script that stands in a page and is run, or heeded, from there."""
    for element in elements(html, scripting=True):
        if element.tag == "script" and type_of(element) in _RUN:
            text = element.text(deep=False)
            if text and not any(name in element.attributes for name in _SOURCES):
                yield text


def type_of(script: Element) -> str:
    """Return the type of a script (WHATWG HTML, 'prepare the script element')."""
    if "type" in script.attributes:
        written = value_of(script, "type")
    else:
        language = value_of(script, "language")
        written = f"text/{language}" if language else ""
    return written.strip("\t\n\f\r ").lower() if written else "text/javascript"


def value_of(element: Element, name: str) -> str:
    """Return the value of an attribute, empty where there is none."""
    return element.attributes.get(name) or ""


def _parsed(html: str, scripting: bool) -> LexborHTMLParser:
    # As it is written to a file: half of a pair cannot be in UTF-8, and a mark of the byte
    # order is no text.
    written = html.removeprefix("\ufeff").encode("utf-8", "xmlcharrefreplace")
    return LexborHTMLParser(written, scripting=scripting)
