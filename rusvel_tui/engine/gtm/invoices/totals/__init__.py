"""What an invoice comes to: decimals in, whole minor units out, nothing stored. `totals_of` is the way in."""
