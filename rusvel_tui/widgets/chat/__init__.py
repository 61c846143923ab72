"""Widgets of a conversation: the transcript, answers as Markdown, and the line that is written in."""
