"""The sequences of the sample data: somebody who sells a planning board to small workshops."""

from __future__ import annotations

from typing import Any

NEW_LEAD = "New Lead Follow-up"
NURTURE = "Deal Nurture Campaign"
FAIR = "After the fair"
ABOUT = {
    NEW_LEAD: "For somebody who asked: a few mails over ten days",
    NURTURE: "For an open deal that has gone quiet",
    FAIR: "For people met at the stand: a mail, a call, a note",
}
"""What each sequence is for."""

SEQUENCES: dict[str, tuple[dict[str, Any], ...]] = {
    NEW_LEAD: (
        {
            "delay_days": 0,
            "channel": "email",
            "subject": "Planning the week at {{company}}",
            "template": "Hi {{first_name|there}},\n\n"
            "you asked how other workshops keep their week in one place. The short answer: one board, one line per job, "
            "and nobody has to retype a list.\n\n"
            "Would a quarter of an hour next week suit you? I would bring two boards of workshops of your size.\n\n"
            "Best,\n{{sender_name}}",
        },
        {
            "delay_days": 3,
            "channel": "email",
            "template": "Hi {{first_name|there}},\n\n"
            "one thing that I left out: you can print the board, so whoever likes paper at {{company}} keeps paper.\n\n"
            "Shall I send you a sample?\n\nBest,\n{{sender_name}}",
        },
        {
            "delay_days": 6,
            "channel": "email",
            "template": "Hi {{first_name|there}},\n\n"
            "this is my last mail about it. If planning is not on your list now, just say so and I will leave it at that.\n\n"
            "Best,\n{{sender_name}}",
        },
    ),
    NURTURE: (
        {
            "delay_days": 0,
            "channel": "email",
            "subject": "What the first month looks like",
            "template": "Hi {{first_name|there}},\n\n"
            "as promised, the first month in three steps: we bring in your open jobs, you plan one week with us, and then "
            "the board is yours.\n\n{{#title}}As {{title}} you would need about two hours for all of it.\n\n{{/title}}"
            "What should we clear up before you decide?\n\nBest,\n{{sender_name}}",
        },
        {
            "delay_days": 5,
            "channel": "email",
            "template": "Hi {{first_name|there}},\n\n"
            "is there anything that keeps you from deciding? I can change the offer, or wait for a better moment.\n\n"
            "Best,\n{{sender_name}}",
        },
    ),
    FAIR: (
        {
            "type": "EMAIL_AUTO",
            "delay_days": 0,
            "subject": "Good to meet you at the fair",
            "body": "Hi {{first_name|there}},\n\n"
            "thank you for stopping at our table. You wanted to see the board with the jobs of {{company}} on it: reply "
            "with a photo of your wall planner and I will set it up.\n\nBest,\n{{sender_name}}",
        },
        {
            "type": "CALL",
            "delay_days": 4,
            "instructions": "Ask {{first_name|them}} whether the photo was easy to send.",
        },
        {
            "type": "TASK",
            "channel": "linkedin",
            "delay_days": 3,
            "instructions": "Connect with {{name}} of {{company|their workshop}}.",
        },
    ),
}
"""Name to steps; the third one has steps that a person does by hand."""

DEALS = (
    "Board for one workshop", "Board for two shifts", "Yearly plan", "Import of the old lists", "Training day",
    "Second site", "Tablet set", "Renewal",
)  # fmt: skip
WON, LOST = (
    ("They start next month.", "Signed on the spot."),
    ("No budget this year.", "Chose a spreadsheet."),
)
REJECTED = ("Too early for them", "I would rather call")
