"""What we measure: ratios against floors of the same run, so that they hold on any machine."""
