# The connection died after the mail was handed over: never sent again by itself, and visible.
day 2026-11-23
alerts are lost
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:30 nothing
expect H-2 cause alert unknown
