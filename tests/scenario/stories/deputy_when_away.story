# Priya is on holiday: Maya, her deputy, is told (as she is of the checkout, silent for a month).
day 2026-12-28
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:08 nothing
expect ada@example.com payment_to_access is late
expect told priya 0
expect told maya 2
