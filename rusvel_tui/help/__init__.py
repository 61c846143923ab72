"""What rusvel says about itself: topics as texts, and every name that a person can meet.

`topics` has the texts; `looking_up` finds what a name means: a topic, an operation, an event, a setting, a
command. The command line, the dashboard and the reference pages show the same.
"""
