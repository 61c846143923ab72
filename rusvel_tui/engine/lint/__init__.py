"""What is wrong or doubtful about a mail before a person says yes: errors block it, warnings do not."""

from rusvel_tui.engine.lint.letter import Finding, Letter
from rusvel_tui.engine.lint.rules import RULES, Rule, lint, sentences

__all__ = ["RULES", "Finding", "Letter", "Rule", "lint", "sentences"]
