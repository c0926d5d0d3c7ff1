# Ada's e-mail and Ben's phone in one booking: a question for a person, never a silent merge.
day 2026-11-23
09:00 calendar says booking.created email=ada@example.com phone=+442079460001
09:10 calendar says booking.created email=ben@example.com phone=+442079460002
10:00 calendar says booking.canceled email=ada@example.com phone=+442079460002
expect ada@example.com booking_status = booked
expect ben@example.com booking_status = booked
expect H-1 cause ambiguous contact
expect H-1 people 2
expect H-1 owner maya
