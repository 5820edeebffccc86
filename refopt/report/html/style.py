"""Style of the page: system fonts, light and dark, wide and narrow."""

from __future__ import annotations

CSS = """
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #5f6670; --line: #e2e5e9; --page: #ffffff; --tint: #f5f6f8; --mark: #ffe9a8;
  --good: #1a7f37; --other: #0a5dc2; --bad: #c62828; --none: #8a3ea8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e6ea; --soft: #9aa2ad; --line: #33373d; --page: #16181b; --tint: #1f2226; --mark: #5c4a12;
  --good: #57c271; --other: #6cb0ff; --bad: #ff7b72; --none: #cf8fe8; } }
* { box-sizing: border-box; }
body, .refopt { color: var(--ink); background: var(--page); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
body { margin: 0; }
main { max-width: 880px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -.01em; }
h2 { font-size: 20px; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 15px; margin: 22px 0 2px; }
h4 { font-size: 13px; font-weight: 500; color: var(--soft); margin: 0 0 2px; }
p { margin: 4px 0; overflow-wrap: anywhere; }
small, .version, figcaption, .lead, footer, .legend { color: var(--soft); }
.version { font-weight: 400; font-size: 16px; }
code, .values { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .87em; overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: 2px; }
article { border-top: 1px solid var(--line); margin-top: 36px; padding-top: 28px; }
.refopt article { border: 0; margin: 0; padding: 12px 0; }
.answer { font-size: 18px; font-weight: 600; margin: 2px 0 8px; }
.meaning { font-size: 17px; }
.good { color: var(--good); } .other { color: var(--other); } .bad { color: var(--bad); } .none { color: var(--none); }
table { border-collapse: collapse; }
th { text-align: left; font-weight: 500; color: var(--soft); }
.wide { overflow-x: auto; }
.whole { max-width: none; }
.whole > h1, .whole > p, .cards, .whole > footer { max-width: 880px; margin-left: auto; margin-right: auto; }
.whole > .all { width: fit-content; max-width: 100%; margin: 20px auto 8px; max-height: 86vh; overflow: auto; }
.whole > .legend, .whole > .list { max-width: 880px; margin-left: auto; margin-right: auto; }
.all .matrix { margin: 0; border-collapse: separate; border-spacing: 0; }
.all thead th { position: sticky; top: 0; z-index: 2; background: var(--page); border-bottom: 1px solid var(--line); }
.all tr th:first-child { position: sticky; left: 0; z-index: 1; background: var(--page); }
.all thead th:first-child { z-index: 3; }
.all tbody tr + tr > * { border-top: 1px solid var(--line); }
.all td, .all th { vertical-align: top; }
.all td small { display: block; font-size: 12px; white-space: normal; overflow-wrap: break-word; max-width: 24em; } .all td div + div { margin-top: 5px; }
.list ol { columns: 300px; column-gap: 28px; padding-left: 22px; font-size: 14px; margin: 6px 0; }
.list li { break-inside: avoid; margin: 0 0 6px; overflow-wrap: anywhere; }
article { scroll-margin-top: 12px; }
.matrix { margin: 20px 0 8px; font-size: 15px; }
.matrix th, .matrix td, .formats th, .formats td { padding: 5px 20px 5px 0; white-space: nowrap; }
td.long { white-space: normal; overflow-wrap: anywhere; min-width: min(11em, 60vw); }
.matrix tr th:first-child { white-space: normal; overflow-wrap: anywhere; min-width: min(12em, 30vw); }
.matrix tr + tr, .formats tr + tr { border-top: 1px solid var(--line); }
.formats { font-size: 14px; } .formats td:last-child { white-space: normal; color: var(--soft); }
.values th { padding-right: 20px; font-weight: 400; } .values td { text-align: right; }
.formulas { display: flex; flex-wrap: wrap; gap: 12px 48px; margin: 12px 0; }
.formulas > .formula { max-width: 100%; min-width: min(300px, 100%); } .formulas .ascii { width: 0; min-width: 100%; }
.formula { overflow-x: auto; overflow-y: hidden; padding: 2px 0; }
math { font-size: 1.12em; } .formula math { display: block math; text-align: left; margin: 9px 0; width: fit-content; }
.mark { background: var(--mark); border-radius: 3px; }
.ascii { color: var(--soft); font-size: 14px; }
figure { margin: 20px 0 8px; } figure svg { display: block; width: 100%; max-width: 560px; height: auto; }
figcaption { font-size: 14px; max-width: 560px; }
svg text { font: 10px system-ui, sans-serif; fill: var(--soft); } svg .y { text-anchor: end; } svg .x { text-anchor: middle; }
.grid { stroke: var(--line); stroke-width: 1; } .limit { stroke: var(--good); stroke-width: 1.2; } .within { fill: var(--good); opacity: .07; }
polyline { fill: none; stroke-width: 1.6; } .reference polyline { stroke: var(--bad); } .reference circle { fill: var(--bad); }
.explained polyline { stroke: var(--other); } .explained circle { fill: var(--other); }
.key { margin-right: 14px; }
.key::before { content: ""; display: inline-block; width: 16px; height: 3px; margin-right: 6px; vertical-align: 4px; }
.key.reference::before { background: var(--bad); } .key.explained::before { background: var(--other); }
.broken { padding-left: 20px; margin: 6px 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; margin: 12px 0 0; font-size: 15px; }
dt { color: var(--soft); } dd { margin: 0; }
footer { border-top: 1px solid var(--line); margin-top: 40px; padding-top: 14px; font-size: 13px; overflow-wrap: anywhere; }
@media (max-width: 560px) { main { padding: 24px 16px 48px; } h1 { font-size: 24px; } dl { grid-template-columns: 1fr; } dd { margin-bottom: 6px; }
  .matrix th, .matrix td, .formats th, .formats td { padding-right: 14px; } }
@media print { article { break-inside: avoid; } }
"""


def scoped(css: str = CSS) -> str:
    """The same for a card inside somebody else's page (a notebook): nothing outside `.refopt` is touched."""
    rules = []
    for block in _blocks(css):
        head, _, body = block.partition("{")
        head = head.strip()
        if head.startswith("@media print"):
            continue
        if head.startswith("@media"):
            inner = "".join(f"{_scope(b.partition('{')[0].strip())} {{{b.partition('{')[2]}" for b in _blocks(body.rstrip()[:-1]))
            rules.append(f"{head} {{ {inner} }}")
        else:
            rules.append(f"{_scope(head)} {{{body}")
    return "\n".join(rules)


def _scope(selectors: str) -> str:
    names = {":root": ".refopt", "*": ".refopt *", "body": ".refopt", ".refopt": ".refopt"}
    each = [s.strip() for s in selectors.split(",")]
    return ", ".join(names.get(s, s if s.startswith(".refopt") else f".refopt {s}") for s in each)


def _blocks(css: str) -> list[str]:
    """The rules of a style sheet, each with its braces."""
    blocks, depth, start = [], 0, 0
    for i, c in enumerate(css):
        depth += (c == "{") - (c == "}")
        if c == "}" and depth == 0:
            blocks.append(css[start : i + 1].strip())
            start = i + 1
    return blocks
