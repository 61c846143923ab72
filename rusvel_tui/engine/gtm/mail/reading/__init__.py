"""From the bytes of a mail to what a person sees of it."""
