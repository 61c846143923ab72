"""The filter language: one line that says which contacts, companies or deals are meant.

    stage:proposal value>5k last<14d -tag:vip "acme"

Conditions stand side by side and all must hold; `OR` and parentheses combine them otherwise, `-` (or `NOT`)
turns one round. A bare word or a phrase in quotes is looked for in the text. `field:value` asks a field,
`field:a,b` for either value, `field>n` and its kin compare, `field:a..b` is a range with both ends.

- Text fields: `:` finds a part, `=` the whole; case and accents never matter.
- How long ago, or how far ahead: `14d`, `2w`, `3mo`, `1y`, `6h`. It is a distance from now, so `last<14d` is
  less than fourteen days ago, and `close<14d` less than fourteen days ahead, what is overdue included.
- Dates are points: `2026-11-21`, `2026-11`, `2026`, `today`, `yesterday`, `tomorrow`; `last<2026-01-01` is before.
- Money: `5k`, `2.5m`, `1250.50`. An amount is in the currency right behind it (`value>5kUSD`), else in the one
  that stands beside it (`currency:USD value>5k`), else in that of the session. Other currencies never match.
- `has:email` and `no:next` ask whether there is something at all, `is:suppressed` asks for a state.

`syntax` and `parser` read text and know no field; `fields` and its neighbours say what can be asked; `compiler`
makes SQL, in which every value is bound.
"""

from __future__ import annotations

from rusvel_tui.engine.filters.faults import FilterError
from rusvel_tui.engine.filters.where import Where

__all__ = ["FilterError", "Where"]
