# The cancellation arrives before the confirmation: the newer word stays, and the booking still counts as made.
day 2026-11-23
09:00 website_form says form.submitted email=ada@example.com
10:06 calendar says booking.canceled email=ada@example.com at=10:05
expect ada@example.com booking_status = canceled
expect ada@example.com crm_to_booking is open
10:07 calendar says booking.created email=ada@example.com at=10:00
expect ada@example.com booking_status = canceled
expect ada@example.com crm_to_booking is confirmed
