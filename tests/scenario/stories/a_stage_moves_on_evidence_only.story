workspace tests/scenario/office
# Cleo pays without ever having asked: she enters the pipeline where the evidence puts her, and has skipped nothing.
day 2026-11-23
10:00:00 till says money.paid email=cleo@example.com payment_id=p9
expect cleo@example.com payments = 1
expect cleo@example.com stage = won
# Dora asks, and pays before anybody spoke with her: the payment is the reason for the stage that is skipped.
11:00:00 form says lead.came email=dora@example.com offer=small
expect dora@example.com stage = lead
11:30:00 till says money.paid email=dora@example.com payment_id=p10
expect dora@example.com stage = won
expect automation count_payments done 2
