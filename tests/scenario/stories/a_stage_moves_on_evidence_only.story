workspace tests/scenario/office
# Cleo pays without ever having asked: a payment proves nothing about the stages before, so a person must say why.
day 2026-11-23
10:00:00 till says money.paid email=cleo@example.com payment_id=p9
expect cleo@example.com payments = 1
expect cleo@example.com stage = nothing
expect automation count_payments done 1
