"""What a mail is: a pure, versioned judgement over its bytes, our own addresses and the mails we sent."""
