# Maya snoozes an issue until noon; then it is back.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:10 maya snoozes H-1 until 12:00
expect H-1 state snoozed
11:30 nothing
expect H-1 state snoozed
12:01 nothing
expect H-1 state ongoing
12:02 maya assigns H-1 to priya
expect H-1 owner priya
